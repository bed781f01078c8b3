using Millrace.Operations.DeadLetters;
using Millrace.Terminal;

namespace Millrace.Commands.Dlq;

/// <summary>What a replay came to, for people: the sentence that counts, then what did not pass and why.</summary>
internal static class ReplayText
{
    public static void Write(TextWriter screen, TextWriter data, ReplayReport report, int maxAttempts)
    {
        foreach (Guid id in report.Missing)
            screen.WriteLine($"There is no dead letter {id}.");
        if (report.Considered == 0)
        {
            screen.WriteLine("No dead letter is meant by this: nothing to do.");
            return;
        }

        screen.WriteLine(report.DryRun
            ? $"{report.Passed:N0} of {report.Considered:N0} would pass now. Nothing was sent."
            : $"{report.Replayed:N0} of {report.Considered:N0} were sent to their topic again.");
        if (report.Uncertain > 0)
            screen.WriteLine($"{report.Uncertain:N0} of those were refused by the database, not by the check: whether it takes them now shows when they are written.");
        if (report.Guarded > 0)
            screen.WriteLine($"{report.Guarded:N0} were tried {maxAttempts} times or more and left alone: --max-attempts raises that.");
        List<(string What, StillBad Bad)> rest = [.. report.StillBad.Select(b => ("still bad", b)), .. report.NotSent.Select(b => ("not sent", b))];
        if (rest.Count > 0)
        {
            DataTable.Write(
                data,
                ["", "REASON", "COUNT", "EXAMPLE", "DETAIL"],
                rest.Select(r => new object[] { r.What, r.Bad.Reason, r.Bad.Count, r.Bad.ExampleId, r.Bad.ExampleDetail.ReplaceLineEndings(" ") }));
        }
    }
}
