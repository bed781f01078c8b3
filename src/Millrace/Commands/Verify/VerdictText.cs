using Millrace.Operations.Proof;
using Millrace.Terminal;

namespace Millrace.Commands.Verify;

/// <summary>The verdict for people: each check with its figures, the sum, and one line at the end that can be read alone.</summary>
internal static class VerdictText
{
    public static void Write(TextWriter output, Verdict verdict, bool deep)
    {
        output.WriteLine($"Topic {verdict.Topic}, group {verdict.GroupId}, {Range(verdict)}");
        output.WriteLine();
        foreach (Check check in verdict.Checks)
            output.WriteLine($"  {Name(check.Outcome),-11}  {(check.Partition is { } p ? $"partition {p}: " : "")}{check.Sentence}");
        output.WriteLine();
        LedgerTotals t = verdict.Totals;
        output.WriteLine(
            $"  {t.Offsets:N0} offsets: {t.Inserted:N0} stored, {t.Duplicates:N0} duplicates, {t.Dead:N0} dead letters, {t.Parked:N0} parked"
            + $"{(t.Skipped > 0 ? $"; {t.Skipped:N0} more were given up by a person" : "")}, in {t.Flushes:N0} transactions");
        output.WriteLine();
        output.WriteLine(Sentence(verdict, deep));
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
