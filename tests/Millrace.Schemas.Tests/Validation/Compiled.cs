using System.Text;

namespace Millrace.Schemas.Tests.Validation;

/// <summary>Schemas and instances as the tests write them.</summary>
internal static class Compiled
{
    public static JsonSchema Schema(string json) => JsonSchema.Compile(Encoding.UTF8.GetBytes(json), SchemaOptions.Default);

    public static bool IsValid(this JsonSchema schema, string instance) => schema.IsValid(Encoding.UTF8.GetBytes(instance));

    public static SchemaReport Evaluate(this JsonSchema schema, string instance) => schema.Evaluate(Encoding.UTF8.GetBytes(instance));

    public static SchemaException Refused(string json) => Assert.Throws<SchemaException>(() => Schema(json));
}
