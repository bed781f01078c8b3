namespace Millrace.Registry.Evidence;

/// <summary>What a schema would have done to the events that are really there.</summary>
/// <param name="Since">From when on they were looked at.</param>
/// <param name="Events">How many stored events there are.</param>
/// <param name="Rejected">How many of them it would have refused.</param>
/// <param name="Examples">A few of those.</param>
/// <param name="DeadLetters">How many undecided dead letters there are that schemas refused.</param>
/// <param name="Rescued">How many of them would pass.</param>
public sealed record EvidenceReport(
    DateTimeOffset Since, long Events, long Rejected, IReadOnlyList<RejectedEvent> Examples, long DeadLetters, long Rescued)
{
    /// <summary>The refused share of the stored events, 0 to 1.</summary>
    public double RejectedShare => Events == 0 ? 0 : (double)Rejected / Events;
}
