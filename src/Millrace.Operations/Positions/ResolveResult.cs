namespace Millrace.Operations.Positions;

/// <summary>What came of a request to resolve a partition.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="From">Where the position was; null when unknown.</param>
/// <param name="To">Where it is now, or would be; null when it was refused.</param>
/// <param name="GivenUp">Offsets that are passed over without being read.</param>
/// <param name="ReadAgain">Offsets that will be read a second time.</param>
/// <param name="Sentence">All of it in words, with what to do next.</param>
public sealed record ResolveResult(ResolveOutcome Outcome, long? From, long? To, long GivenUp, long ReadAgain, string Sentence)
{
    /// <summary>Whether the request was refused.</summary>
    public bool IsRefused => Outcome is not (ResolveOutcome.Moved or ResolveOutcome.WouldMove or ResolveOutcome.AlreadyThere);
}
