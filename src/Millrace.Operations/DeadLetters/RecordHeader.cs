namespace Millrace.Operations.DeadLetters;

/// <summary>A header of a record.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">Its bytes; null when it has none.</param>
public sealed record RecordHeader(string Key, byte[]? Value);
