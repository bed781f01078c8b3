namespace Millrace.Pipeline.Ingest;

/// <summary>What of an event does not fit the schema of its type: a unit of JSON Schema's <i>basic</i> output.</summary>
/// <param name="InstanceLocation">JSON Pointer into the event; empty for the whole.</param>
/// <param name="KeywordLocation">JSON Pointer into the schema.</param>
/// <param name="Error">A sentence for a person.</param>
public sealed record IngestSchemaError(string InstanceLocation, string KeywordLocation, string Error);
