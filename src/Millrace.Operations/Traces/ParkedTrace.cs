namespace Millrace.Operations.Traces;

/// <summary>What an event that is parked waits for.</summary>
/// <param name="BehindEventId">The first event in the user's queue, which is tried again.</param>
/// <param name="Ahead">How many events of the user stand before this one; 0 for the first.</param>
/// <param name="Reason">The code of the reason why the first one failed.</param>
/// <param name="Detail">The reason in a sentence.</param>
/// <param name="Attempts">How often the first one was tried.</param>
/// <param name="ParkedAt">Since when this one waits.</param>
/// <param name="NextAttemptAt">When the first one is tried again.</param>
public sealed record ParkedTrace(
    Guid BehindEventId, long Ahead, string Reason, string Detail, int Attempts, DateTimeOffset ParkedAt, DateTimeOffset NextAttemptAt);
