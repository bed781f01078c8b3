namespace Millrace.Registry.Evidence;

/// <summary>A stored event that a schema would have refused.</summary>
/// <param name="EventId">Its id; <c>millrace trace</c> shows it.</param>
/// <param name="InstanceLocation">JSON Pointer of the first place that does not fit.</param>
/// <param name="KeywordLocation">JSON Pointer of the rule in the schema.</param>
/// <param name="Error">What a person reads.</param>
public sealed record RejectedEvent(Guid EventId, string InstanceLocation, string KeywordLocation, string Error);
