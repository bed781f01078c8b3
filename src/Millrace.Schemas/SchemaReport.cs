namespace Millrace.Schemas;

/// <summary>What became of one instance.</summary>
/// <param name="Valid">Whether it fits the schema.</param>
/// <param name="Errors">Every assertion that it does not meet, in the schema's order; empty when it fits. At most <see cref="SchemaOptions.MaxErrors"/>.</param>
public sealed record SchemaReport(bool Valid, IReadOnlyList<SchemaError> Errors);
