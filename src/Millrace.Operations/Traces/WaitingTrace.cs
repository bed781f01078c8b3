namespace Millrace.Operations.Traces;

/// <summary>How long an event that is still in the topic has waited, and may yet.</summary>
/// <param name="Ahead">Offsets between the partition's position and the event.</param>
/// <param name="LagSeconds">The age of the record.</param>
/// <param name="EstimatedSeconds">Until it is stored, at the rate of the last flushes; null when there were none lately.</param>
public sealed record WaitingTrace(long Ahead, double LagSeconds, double? EstimatedSeconds);
