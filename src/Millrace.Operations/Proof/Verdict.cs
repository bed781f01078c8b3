namespace Millrace.Operations.Proof;

/// <summary>All checks, and what they come to.</summary>
/// <param name="Topic">The topic that was verified.</param>
/// <param name="GroupId">Whose positions.</param>
/// <param name="From">The begin of the time range; null for all.</param>
/// <param name="To">Its end; null for all.</param>
/// <param name="Totals">The sums of the ledger.</param>
/// <param name="Checks">Every check, in a stable order.</param>
public sealed record Verdict(string Topic, string GroupId, DateTimeOffset? From, DateTimeOffset? To, LedgerTotals Totals, IReadOnlyList<Check> Checks)
{
    /// <summary>Failed when any check failed; not checked when some could not be looked at; else ok.</summary>
    public CheckOutcome Outcome =>
        Checks.Any(check => check.Outcome == CheckOutcome.Failed) ? CheckOutcome.Failed
        : Checks.Any(check => check.Outcome == CheckOutcome.NotChecked) ? CheckOutcome.NotChecked
        : CheckOutcome.Ok;
}
