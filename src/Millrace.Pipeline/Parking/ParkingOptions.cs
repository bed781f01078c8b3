using System.Collections.Immutable;

namespace Millrace.Pipeline.Parking;

/// <summary>How users wait whose event failed for a reason that is theirs alone, and how many may.</summary>
public sealed class ParkingOptions
{
    /// <summary>
    /// How long after each failed attempt at the first event of a user's queue the next one is made. Default: 5 s, 1 min, 10 min. After the last one
    /// has failed too the event becomes a dead letter (<c>retries_exhausted</c>), and the queue goes on with the next.
    /// </summary>
    public ImmutableArray<TimeSpan> RetryDelays { get; set; } = [TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)];

    /// <summary>
    /// Most events that wait for one user of a partition. Default 1,000: what a lively user sends within the delays, and released in about a
    /// second, for which the partition waits. What comes then becomes a dead letter (<c>parking_full</c>).
    /// </summary>
    public int MaxEventsPerUser { get; set; } = 1_000;

    /// <summary>
    /// Most events that wait in one partition. Default 10,000: more of them at once mean that something is wrong with the database or the hook
    /// and not with a few users. What comes then becomes a dead letter (<c>parking_full</c>).
    /// </summary>
    public int MaxEvents { get; set; } = 10_000;

    internal IEnumerable<string> Errors()
    {
        if (RetryDelays.IsDefaultOrEmpty || RetryDelays.Any(delay => delay <= TimeSpan.Zero))
            yield return $"{nameof(PipelineOptions.Parking)}.{nameof(RetryDelays)} is empty or holds a delay that is not positive";
        if (MaxEventsPerUser < 1)
            yield return $"{nameof(PipelineOptions.Parking)}.{nameof(MaxEventsPerUser)} is not positive";
        if (MaxEvents < 1)
            yield return $"{nameof(PipelineOptions.Parking)}.{nameof(MaxEvents)} is not positive";
    }
}
