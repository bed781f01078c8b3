namespace Millrace.Schemas;

/// <summary>A schema that cannot be used: it is not JSON, not a schema by its metaschema, or names something that is not there.</summary>
/// <param name="pointer">JSON Pointer of the place in the schema; empty for the whole.</param>
/// <param name="problem">What is wrong there, one sentence.</param>
public sealed class SchemaException(string pointer, string problem)
    : Exception(pointer.Length == 0 ? problem : $"{pointer}: {problem}")
{
    /// <summary>JSON Pointer of the place in the schema; empty for the whole.</summary>
    public string Pointer { get; } = pointer;

    /// <summary>What is wrong there, one sentence.</summary>
    public string Problem { get; } = problem;
}
