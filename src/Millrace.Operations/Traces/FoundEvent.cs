namespace Millrace.Operations.Traces;

/// <summary>What a record of the topic says of itself.</summary>
internal sealed record FoundEvent(Guid EventId, string EventType, string? UserId, string? CorrelationId);
