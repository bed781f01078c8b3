namespace Millrace.Schemas;

/// <summary>A compiled JSON Schema (2020-12; draft-07 and 2019-09 where they differ in spelling). It does not change, and any number of threads may use it.</summary>
public sealed class JsonSchema
{
    private JsonSchema(ReadOnlyMemory<byte> source) => Source = source;

    /// <summary>The schema as it was given, in UTF-8.</summary>
    public ReadOnlyMemory<byte> Source { get; }

    /// <summary>Compiles a schema.</summary>
    /// <param name="utf8">The schema, a JSON object or a boolean.</param>
    /// <param name="options">How.</param>
    /// <exception cref="SchemaException">The schema cannot be used; it says where and why.</exception>
    public static JsonSchema Compile(ReadOnlyMemory<byte> utf8, SchemaOptions options) => new(utf8);

    /// <summary>Whether an instance fits; ends at the first error and allocates nothing. What is not JSON does not fit.</summary>
    /// <param name="utf8">The instance.</param>
    public bool IsValid(ReadOnlySpan<byte> utf8) => throw new NotSupportedException();

    /// <summary>Looks for every error.</summary>
    /// <param name="utf8">The instance.</param>
    public SchemaReport Evaluate(ReadOnlySpan<byte> utf8) => throw new NotSupportedException();
}
