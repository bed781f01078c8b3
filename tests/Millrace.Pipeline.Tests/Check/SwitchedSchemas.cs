using System.Text;
using Millrace.Schemas;
using Millrace.Schemas.Catalog;

namespace Millrace.Pipeline.Tests.Check;

/// <summary>Schemas that a test exchanges while they are in use.</summary>
internal sealed class SwitchedSchemas : ISchemaSource
{
    public SchemaCatalog Current { get; set; } = SchemaCatalog.Empty;

    /// <summary>One type, <c>order</c>, whose <c>total</c> must be a number in version 1 and positive in version 2, the active one.</summary>
    public static SchemaCatalog Orders(SchemaMode mode, UnknownTypes unknown = UnknownTypes.Accept) => new(
        [
            new TypeSchemas("order", mode, 2, new Dictionary<int, JsonSchema>
            {
                [1] = Compile("""{"type":"object","required":["total"],"properties":{"total":{"type":"number"}}}"""),
                [2] = Compile("""{"type":"object","required":["total"],"properties":{"total":{"type":"number","exclusiveMinimum":0}}}"""),
            }),
        ],
        unknown);

    private static JsonSchema Compile(string schema) => JsonSchema.Compile(Encoding.UTF8.GetBytes(schema), SchemaOptions.Default);
}
