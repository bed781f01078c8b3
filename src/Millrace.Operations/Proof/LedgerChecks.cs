namespace Millrace.Operations.Proof;

/// <summary>What the ledger must be in itself: a chain of ranges, none with more records than offsets.</summary>
internal static class LedgerChecks
{
    public static Check Ranges(PartitionLedger ledger)
    {
        var range = $"{ledger.Flushes:N0} flushes cover offsets {ledger.From} up to {ledger.To}";
        if (ledger.BreakAt is not { } at)
            return new Check("ranges", ledger.Partition, CheckOutcome.Ok, $"{range} without gap or overlap{GivenUp(ledger)}.");
        return new Check(
            "ranges", ledger.Partition, CheckOutcome.Failed,
            $"{range} with {ledger.Gaps:N0} gaps and {ledger.Overlaps:N0} overlaps; the first is before offset {at}.");
    }

    /// <summary>What stands beside <paramref name="wide"/>: what reading the log itself found about ranges that are wider than their records.</summary>
    public static Check Counts(PartitionLedger ledger, WideRanges wide)
    {
        var sum = $"{ledger.Inserted:N0} inserted + {ledger.Duplicates:N0} duplicates + {ledger.Dead:N0} dead + {ledger.Parked:N0} parked = {ledger.Records:N0} records "
            + $"in {ledger.Offsets:N0} offsets";
        Check Of(CheckOutcome outcome, string sentence) => new("counts", ledger.Partition, outcome, sentence);
        if (ledger.OverfullAt is { } at)
            return Of(CheckOutcome.Failed, $"{sum}, but {ledger.Overfull:N0} flushes have more records than offsets; the first begins at {at}.");
        if (wide.Offsets == 0)
            return Of(CheckOutcome.Ok, $"{sum}.");
        if (wide.WrongAt is { } wrong)
            return Of(CheckOutcome.Failed, $"{sum}, but the log has {wide.Found:N0} records where the ledger has {wide.Expected:N0}; the first difference is in the flush at offset {wrong}.");
        if (wide.Unread > 0)
            return Of(CheckOutcome.NotChecked, $"{sum}; {wide.Unread:N0} offsets hold none of them: {wide.Why}.");
        return Of(CheckOutcome.Ok, $"{sum}; {wide.Offsets:N0} offsets hold no record{(wide.Gone > 0 ? $", {wide.Gone:N0} of them where the log is gone" : ", as reading the log shows")}.");
    }

    private static string GivenUp(PartitionLedger ledger) => ledger.Skipped == 0 ? "" : $"; {ledger.Skipped:N0} of them were given up by a person";
}
