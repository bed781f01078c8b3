namespace Millrace.Operations.Parking;

/// <summary>A user whose events wait because one of them failed for a reason that is theirs alone.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Partition">The partition that their events come by.</param>
/// <param name="Reason">The code of the reason why the first event failed.</param>
/// <param name="Detail">The reason in a sentence.</param>
/// <param name="Waiting">How many of their events wait, the first one included.</param>
/// <param name="ParkedAt">Since when.</param>
/// <param name="Attempts">How often the first one was tried.</param>
/// <param name="NextAttemptAt">When it is tried again.</param>
public sealed record ParkedUser(
    string UserId, int Partition, string Reason, string Detail, long Waiting, DateTimeOffset ParkedAt, int Attempts, DateTimeOffset NextAttemptAt);
