namespace Millrace.Operations.Parking;

/// <summary>A parked user and what waits, in order. A user whose key changed partitions may have a queue in several.</summary>
/// <param name="User">The user.</param>
/// <param name="Events">What waits, the next one first; at most 1,000.</param>
public sealed record ParkedQueue(ParkedUser User, IReadOnlyList<ParkedEvent> Events);
