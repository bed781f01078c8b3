using Millrace.Events.Json;

namespace Millrace.Schemas.Compilation;

/// <summary>
/// Turns documents into nodes. Schemas are taken from a queue instead of recursively, so that a long chain of references does not need a deep stack;
/// a schema that is referred to from many places, or from within itself, becomes one node.
/// </summary>
internal sealed partial class SchemaCompiler
{
    private readonly SchemaOptions _options;
    private readonly SchemaDocuments _documents;
    private readonly Dictionary<SourceValue, SchemaNode> _nodes = new(ReferenceEqualityComparer.Instance);
    private readonly Queue<SchemaNode> _queue = [];
    private readonly HashSet<string> _dynamicAnchors = new(StringComparer.Ordinal);

    private readonly SourceValue _root;

    private SchemaCompiler(SchemaOptions options, SchemaDocuments documents, SourceValue root)
    {
        _root = root;
        _options = options;
        _documents = documents;
    }

    /// <summary>The node of the whole schema, everything that it refers to compiled too.</summary>
    /// <param name="hasDynamicReferences">Whether the way through the schema has to be remembered.</param>
    public static SchemaNode Compile(ReadOnlyMemory<byte> utf8, SchemaOptions options, bool trusted, int metaschemaDepth, out bool hasDynamicReferences)
    {
        var documents = new SchemaDocuments(options, trusted, metaschemaDepth);
        var root = documents.Load(utf8, options.BaseUri ?? SchemaDocuments.NoUri, Dialect.Draft202012);
        var compiler = new SchemaCompiler(options, documents, root);
        var node = compiler.NodeOf(root);
        compiler.Drain();
        hasDynamicReferences = compiler._dynamicAnchors.Count > 0;
        ReferenceChains.Check(compiler._nodes.Values);
        return node;
    }

    private SchemaNode NodeOf(SourceValue source)
    {
        if (_nodes.TryGetValue(source, out var known))
        {
            return known;
        }

        if (_nodes.Count >= SchemaLimits.MaxNodes)
        {
            throw new SchemaException("", $"The schema has more than {SchemaLimits.MaxNodes} subschemas.");
        }

        var node = new SchemaNode(source);
        _nodes.Add(source, node);
        _queue.Enqueue(node);
        return node;
    }

    private void Drain()
    {
        do
        {
            while (_queue.TryDequeue(out var node))
            {
                Fill(node);
                node.Finish();
            }

            // Every resource may hold the target of a dynamic reference, also one that was loaded after the reference was met.
            foreach (var resource in _documents.Resources.ToList())
            {
                foreach (var (name, source) in resource.DynamicAnchors)
                {
                    if (_dynamicAnchors.Contains(name) && !resource.DynamicNodes.ContainsKey(name))
                    {
                        resource.DynamicNodes.Add(name, NodeOf(source));
                    }
                }
            }
        }
        while (_queue.Count > 0);
    }

    private void Fill(SchemaNode node)
    {
        var source = node.Source;
        if (source.Kind is TokenKind.True or TokenKind.False)
        {
            node.Always = source.Kind == TokenKind.True;
            return;
        }

        if (!source.IsSchema)
        {
            throw SchemaDocuments.Refuse(source, "", "a schema must be an object or a boolean");
        }

        var dialect = node.Resource.Dialect;
        if (dialect.ReferenceStandsAlone && source["$ref"] is not null)
        {
            FillReferences(node, source);
            return;
        }

        if (dialect.Validation)
        {
            FillAssertions(node, source);
        }

        if (source.Document == _root)
        {
            // Also what nothing refers to yet: a mistake in it is easier to mend now than when something does.
            FillDefinitions(source);
        }

        FillFormat(node, source);
        FillArray(node, source);
        FillObject(node, source);
        FillCombined(node, source);
        FillReferences(node, source);
        if (dialect.Unevaluated)
        {
            node.UnevaluatedItems = EdgeOf(source, "unevaluatedItems");
            node.UnevaluatedProperties = EdgeOf(source, "unevaluatedProperties");
        }
    }

    private void FillDefinitions(SourceValue source)
    {
        foreach (var keyword in new[] { "$defs", "definitions" })
        {
            foreach (var (_, schema) in source[keyword]?.Members ?? [])
            {
                NodeOf(Schema(source, keyword, schema));
            }
        }
    }

    private Edge? EdgeOf(SourceValue source, string keyword) =>
        source[keyword] is { } schema ? new Edge(NodeOf(Schema(source, keyword, schema)), "/" + keyword) : null;

    private Edge[] EdgesOf(SourceValue source, string keyword) =>
        source[keyword] is { } schemas
            ? [.. Array(source, keyword, schemas).Items.Select((schema, index) => new Edge(NodeOf(Schema(source, keyword, schema)), $"/{keyword}/{index}"))]
            : [];

    private static SourceValue Schema(SourceValue source, string keyword, SourceValue value) =>
        value.IsSchema ? value : throw SchemaDocuments.Refuse(source, keyword, "a schema must be an object or a boolean");

    private static SourceValue Array(SourceValue source, string keyword, SourceValue value) =>
        value.Kind == TokenKind.Array ? value : throw SchemaDocuments.Refuse(source, keyword, "it must be an array");

    private static SourceValue Object(SourceValue source, string keyword, SourceValue value) =>
        value.Kind == TokenKind.Object ? value : throw SchemaDocuments.Refuse(source, keyword, "it must be an object");

    private static string String(SourceValue source, string keyword, SourceValue value) =>
        value.Kind == TokenKind.String ? value.Text : throw SchemaDocuments.Refuse(source, keyword, "it must be a string");
}
