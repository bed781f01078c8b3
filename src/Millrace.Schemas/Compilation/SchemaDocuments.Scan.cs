using Millrace.Events.Json;

namespace Millrace.Schemas.Compilation;

internal sealed partial class SchemaDocuments
{
    private enum Holds
    {
        Schema,
        Schemas,
        NamedSchemas,
    }

    /// <summary>Where identifiers and anchors are looked for: only where schemas stand, so that an <c>$id</c> in an <c>enum</c> is data.</summary>
    private static readonly Dictionary<string, Holds> SchemaKeywords = new()
    {
        ["additionalItems"] = Holds.Schema,
        ["additionalProperties"] = Holds.Schema,
        ["allOf"] = Holds.Schemas,
        ["anyOf"] = Holds.Schemas,
        ["contains"] = Holds.Schema,
        ["contentSchema"] = Holds.Schema,
        ["definitions"] = Holds.NamedSchemas,
        ["$defs"] = Holds.NamedSchemas,
        ["dependencies"] = Holds.NamedSchemas,
        ["dependentSchemas"] = Holds.NamedSchemas,
        ["else"] = Holds.Schema,
        ["if"] = Holds.Schema,
        ["items"] = Holds.Schema,
        ["not"] = Holds.Schema,
        ["oneOf"] = Holds.Schemas,
        ["patternProperties"] = Holds.NamedSchemas,
        ["prefixItems"] = Holds.Schemas,
        ["properties"] = Holds.NamedSchemas,
        ["propertyNames"] = Holds.Schema,
        ["then"] = Holds.Schema,
        ["unevaluatedItems"] = Holds.Schema,
        ["unevaluatedProperties"] = Holds.Schema,
    };

    public static bool HoldsSchemas(string keyword) => SchemaKeywords.ContainsKey(keyword);

    /// <summary>Registers what a subschema defines, and what is below it.</summary>
    private void Scan(SourceValue value, SchemaResource around)
    {
        if (value.Kind != TokenKind.Object)
        {
            return;
        }

        var resource = around;
        var dialect = DialectOf(value, around.Dialect);
        var uri = IdOf(value, around.Uri, dialect);
        if (uri != around.Uri)
        {
            resource = new SchemaResource(uri, value, dialect);
            value.OwnResource = resource;
            Register(uri, resource);
        }

        ScanKeywords(value, resource);
    }

    private void ScanKeywords(SourceValue value, SchemaResource resource)
    {
        ScanAnchors(value, resource);
        foreach (var (keyword, content) in value.Members)
        {
            if (!SchemaKeywords.TryGetValue(keyword, out var holds))
            {
                continue;
            }

            if (holds == Holds.NamedSchemas && content.Kind == TokenKind.Object)
            {
                foreach (var (_, schema) in content.Members)
                {
                    Scan(schema, resource);
                }
            }
            else if (content.Kind == TokenKind.Array)
            {
                foreach (var schema in content.Items)
                {
                    Scan(schema, resource);
                }
            }
            else if (holds == Holds.Schema)
            {
                Scan(content, resource);
            }
        }
    }

    private static void ScanAnchors(SourceValue value, SchemaResource resource)
    {
        AddAnchor(resource, value, "$anchor", value["$anchor"]?.Text);
        if (resource.Dialect.AnchorsAreIds && value["$id"]?.Text is ['#', .. { Length: > 0 } name])
        {
            AddAnchor(resource, value, "$id", name);
        }

        if (resource.Dialect.DynamicReferences && value["$dynamicAnchor"]?.Text is { Length: > 0 } dynamic)
        {
            AddAnchor(resource, value, "$dynamicAnchor", dynamic);
            resource.DynamicAnchors[dynamic] = value;
        }
        else if (!resource.Dialect.DynamicReferences && value["$recursiveAnchor"] is { Kind: TokenKind.True } && value == resource.Root)
        {
            resource.DynamicAnchors[""] = value;
        }
    }

    private static void AddAnchor(SchemaResource resource, SourceValue value, string keyword, string? name)
    {
        if (!string.IsNullOrEmpty(name) && !resource.Anchors.TryAdd(name, value) && resource.Anchors[name] != value)
        {
            throw Refuse(value, keyword, $"the anchor \"{name}\" stands twice");
        }
    }
}
