using Millrace.Operations.Proof;
using Millrace.Terminal;

namespace Millrace.Commands.Verify;

/// <summary>The verdict for people: each check with its figures, the sum, and one line at the end that can be read alone.</summary>
internal static class VerdictText
{
    // Three partitions, as a topic has by default, fit on a screen with all their figures.
    private const int MostOfAKind = 4;

    public static void Write(TextWriter output, Verdict verdict, bool deep)
    {
        output.WriteLine($"Topic {verdict.Topic}, group {verdict.GroupId}, {Range(verdict)}");
        output.WriteLine();
        foreach (IGrouping<string, Check> kind in verdict.Checks.GroupBy(c => c.Name))
            WriteKind(output, [.. kind]);
        output.WriteLine();
        LedgerTotals t = verdict.Totals;
        output.WriteLine(
            $"  {t.Offsets:N0} offsets: {t.Inserted:N0} stored, {t.Duplicates:N0} duplicates, {t.Dead:N0} dead letters, {t.Parked:N0} parked"
            + $"{(t.Skipped > 0 ? $"; {t.Skipped:N0} more were given up by a person" : "")}, in {t.Flushes:N0} transactions");
        output.WriteLine();
        output.WriteLine(Sentence(verdict, deep));
    }

    /// <summary>Every check with its figures, unless a wide topic would make that unreadable: then what is ok is one line for each kind.</summary>
    private static void WriteKind(TextWriter output, List<Check> checks)
    {
        if (checks.Count > MostOfAKind)
        {
            string about = About(checks[0].Name);
            int ok = checks.RemoveAll(c => c.Outcome == CheckOutcome.Ok);
            if (ok > 0)
                output.WriteLine($"  {Name(CheckOutcome.Ok),-11}  {(checks.Count == 0 ? "all " : "")}{ok:N0} partitions: {about}");
        }

        foreach (Check check in checks)
            output.WriteLine($"  {Name(check.Outcome),-11}  {(check.Partition is { } p ? $"partition {p}: " : "")}{check.Sentence}");
    }

    private static string Sentence(Verdict verdict, bool deep)
    {
        int failed = verdict.Checks.Count(c => c.Outcome == CheckOutcome.Failed);
        int open = verdict.Checks.Count(c => c.Outcome == CheckOutcome.NotChecked);
        return verdict.Outcome switch
        {
            CheckOutcome.Ok => "OK: every record is accounted for, once.",
            CheckOutcome.Failed => $"FAILED: {failed:N0} of {verdict.Checks.Count:N0} checks found a difference; they are marked above.",
            CheckOutcome.NotChecked =>
                $"NOT PROVEN: nothing differs, but {open:N0} of {verdict.Checks.Count:N0} checks could not be made"
                + (deep ? "; they are marked above." : $"; they are marked above. '{Product.CommandName} verify --deep' reads the topic as well."),
            _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict.Outcome, null),
        };
    }

    /// <summary>What a kind of check says when it is ok everywhere.</summary>
    private static string About(string name) => name switch
    {
        "ranges" => "The flushes cover their offsets without gap or overlap.",
        "counts" => "Inserted, duplicates, dead and parked add up to the records covered.",
        "rows" => "The table has as many rows as were inserted, hour by hour.",
        "dead" => "There are as many dead letters as the ledger says.",
        "parked" => "Every event that was parked waits or was released.",
        "position" => "The position is where the last flush ended.",
        "watermarks" => "The position is in the log.",
        "accepted" => "What HTTP acknowledged was read.",
        _ => name,
    };

    private static string Range(Verdict verdict) => (verdict.From, verdict.To) switch
    {
        (null, null) => "from the beginning until now",
        ({ } from, null) => $"committed since {Moments.Text(from)}",
        (null, { } to) => $"committed before {Moments.Text(to)}",
        ({ } from, { } to) => $"committed from {Moments.Text(from)} to {Moments.Text(to)}",
    };

    private static string Name(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Ok => "ok",
        CheckOutcome.Failed => "FAILED",
        CheckOutcome.NotChecked => "not checked",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };
}
