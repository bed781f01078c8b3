using Millrace.Commands.Generate;
using Millrace.Schemas;
using Millrace.Schemas.Catalog;

namespace Millrace.Bench;

/// <summary>One schema of two dozen properties, enforced for every type of made-up event.</summary>
internal static class BenchSchemas
{
    private const string Resource = "generated-event.schema.json";

    public static SchemaCatalog Load()
    {
        using Stream source = typeof(BenchSchemas).Assembly.GetManifestResourceStream(Resource)!;
        using var bytes = new MemoryStream();
        source.CopyTo(bytes);
        JsonSchema schema = JsonSchema.Compile(bytes.ToArray(), SchemaOptions.Default);
        return new SchemaCatalog(
            EventKind.All.Select(kind => new TypeSchemas(kind.Name, SchemaMode.Enforce, 1, new Dictionary<int, JsonSchema> { [1] = schema })), UnknownTypes.Reject);
    }
}
