using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Millrace.Client;

/// <summary>
/// The schema that System.Text.Json knows for a type, with each object type in it under <c>$defs</c> by its name: a type that is used twice is
/// written once, and one that refers to itself has a reference that stays right wherever the schema is moved.
/// </summary>
internal sealed class SchemaWriter(JsonSerializerOptions options, Descriptions descriptions)
{
    private readonly Dictionary<Type, string> _names = [];
    private readonly Queue<Type> _unwritten = new();

    public JsonObject Write(Type root)
    {
        var schema = WriteOne(root);
        var definitions = new JsonObject();
        while (_unwritten.TryDequeue(out var type))
            definitions[_names[type]] = WriteOne(type);
        if (definitions.Count > 0)
            schema["$defs"] = definitions;
        return schema;
    }

    private JsonObject WriteOne(Type type)
    {
        var exporter = new JsonSchemaExporterOptions
        {
            // What is not said to be nullable is not; what is said inside of a generic type, Nullability adds.
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = Transform,
        };
        return options.GetJsonSchemaAsNode(type, exporter) as JsonObject
            ?? throw new NotSupportedException($"System.Text.Json knows nothing about the JSON of {type.Name}, which has a converter of its own.");
    }

    /// <summary>Called for each node once the nodes inside of it are done.</summary>
    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        RequireOnlyWhatIsAlwaysWritten(context.TypeInfo, node);
        if (context.Path.IsEmpty)
        {
            Describe(node, descriptions.OfType(type));
            return node;
        }

        var member = context.PropertyInfo?.AttributeProvider as MemberInfo;
        var result = node;
        // A type within a polymorphic one has its discriminator, and so is no type to share.
        if (context.BaseTypeInfo is null && (IsObject(context.TypeInfo, node) || node is JsonObject { } reference && reference.ContainsKey("$ref")))
            result = Reference(type, AllowsNull(context, node));
        if (context.PropertyInfo is { } property && member is not null)
        {
            result = Nullability.Complete(result, member);
            result = Described(result, descriptions.OfMember(member, property));
        }

        return result;
    }

    /// <summary>What reading requires, writing may leave out: then other consumers must not require it.</summary>
    private void RequireOnlyWhatIsAlwaysWritten(JsonTypeInfo type, JsonNode node)
    {
        if (type.Kind != JsonTypeInfoKind.Object || node is not JsonObject schema || schema["required"] is not JsonArray required)
            return;
        foreach (var property in type.Properties.Where(MayBeLeftOut))
            required.RemoveAll(name => name?.GetValue<string>() == property.Name);
        if (required.Count == 0)
            schema.Remove("required");
    }

    private bool MayBeLeftOut(JsonPropertyInfo property)
    {
        var condition = property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true) is [JsonIgnoreAttribute given, ..]
            ? given.Condition
            : options.DefaultIgnoreCondition;
        return property.Get is null
            || condition is JsonIgnoreCondition.WhenWritingDefault or JsonIgnoreCondition.WhenWriting
            || (condition == JsonIgnoreCondition.WhenWritingNull && property.IsGetNullable);
    }

    private static bool IsObject(JsonTypeInfo type, JsonNode node) =>
        type.Kind == JsonTypeInfoKind.Object && node is JsonObject schema && (schema.ContainsKey("properties") || schema.ContainsKey("anyOf"));

    /// <summary>Of a type that refers to itself the exporter writes only the reference, so the property is asked too.</summary>
    private static bool AllowsNull(JsonSchemaExporterContext context, JsonNode node) =>
        Nullable.GetUnderlyingType(context.TypeInfo.Type) is not null
        || context.PropertyInfo is { IsGetNullable: true }
        || (node["type"] is JsonArray types && types.Any(type => type?.GetValue<string>() == "null"));

    private JsonObject Reference(Type type, bool orNull)
    {
        if (!_names.TryGetValue(type, out var name))
        {
            name = TypeNames.Unique(type, _names.Values);
            _names.Add(type, name);
            _unwritten.Enqueue(type);
        }

        var reference = new JsonObject { ["$ref"] = $"#/$defs/{name}" };
        return orNull ? new JsonObject { ["anyOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) } : reference;
    }

    private static JsonNode Described(JsonNode node, string? description)
    {
        if (description is null)
            return node;
        // Anything at all is `true`, which has no room for a description.
        var schema = node is JsonObject given ? given : node.GetValue<bool>() ? new JsonObject() : new JsonObject { ["not"] = new JsonObject() };
        Describe(schema, description);
        return schema;
    }

    private static void Describe(JsonNode node, string? description)
    {
        if (description is not null && node is JsonObject schema)
            schema.Insert(0, "description", JsonValue.Create(description));
    }
}
