namespace Millrace.Operations.Parking;

/// <summary>An event that waits.</summary>
/// <param name="EventId">The event.</param>
/// <param name="EventType">Its type.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="CorrelationId">Its correlation id, if it has one.</param>
/// <param name="ParkedAt">Since when.</param>
public sealed record ParkedEvent(Guid EventId, string EventType, int Partition, long Offset, string? CorrelationId, DateTimeOffset ParkedAt);
