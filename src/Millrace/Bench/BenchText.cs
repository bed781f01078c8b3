using System.Globalization;
using Millrace.Terminal;

namespace Millrace.Bench;

/// <summary>The figures for a reader.</summary>
internal static class BenchText
{
    public static void Write(TextWriter output, BenchReport report)
    {
        var drain = report.Drain;
        output.WriteLine($"machine  {report.Machine}");
        output.WriteLine($"commit   {report.Commit}");
        output.WriteLine(FormattableString.Invariant($"fsync    p50 {report.FsyncMs.P50:0.00} ms, p99 {report.FsyncMs.P99:0.00} ms (4 KiB, the disk itself)"));
        output.WriteLine();
        output.WriteLine(FormattableString.Invariant($"Drain of {drain.Events:N0} events over {drain.Lanes} lanes, median of {drain.Rounds.Count} rounds (lowest to highest)"));
        DataTable.Write(output, ["", "events/s", "spread", "ratio", "spread"],
        [
            ["pipeline", Rate(drain.EventsPerSecond), Spread(drain.Rounds.Select(round => round.EventsPerSecond), Rate), "", ""],
            ["bare COPY, 1 connection", Rate(drain.CopyEventsPerSecond), Spread(drain.Rounds.Select(round => round.CopyEventsPerSecond), Rate),
                Ratio(drain.Ratio), Spread(drain.Rounds.Select(round => round.Ratio), Ratio)],
            [$"bare COPY, {drain.Lanes} connections", Rate(drain.CopyParallelEventsPerSecond), Spread(drain.Rounds.Select(round => round.CopyParallelEventsPerSecond), Rate),
                Ratio(drain.RatioParallel), Spread(drain.Rounds.Select(round => round.RatioParallel), Ratio)],
        ]);
        output.WriteLine();
        output.WriteLine("The same topic when it is not plain sailing, by the plain drain");
        DataTable.Write(output, ["", "events/s", "ratio", "spread", "flushes not by one COPY"],
        [
            ["plain", Rate(drain.EventsPerSecond), "", "", Percent(drain.SlowFlushes)],
            ["nothing but duplicates", Rate(drain.Duplicates.EventsPerSecond), Ratio(drain.Duplicates.Ratio),
                Spread(drain.Rounds.Select(round => round.Duplicates.Ratio), Ratio), Percent(drain.Duplicates.SlowFlushes)],
            ["one bad event in 100", Rate(drain.Bad.EventsPerSecond), Ratio(drain.Bad.Ratio),
                Spread(drain.Rounds.Select(round => round.Bad.Ratio), Ratio), Percent(drain.Bad.SlowFlushes)],
            ["each held against a schema", Rate(drain.Validated.EventsPerSecond), Ratio(drain.Validated.Ratio),
                Spread(drain.Rounds.Select(round => round.Validated.Ratio), Ratio), Percent(drain.Validated.SlowFlushes)],
        ]);
        output.WriteLine(FormattableString.Invariant($"this process: {report.RssMb:0} MB resident, {report.CpuUsPerEvent:0.00} us of processor time an event (broker and pipeline)"));
        output.WriteLine();
        output.WriteLine("Latency from the producer's send to the commit");
        DataTable.Write(output, ["rate/s", "reached/s", "p50 ms", "p95 ms", "p99 ms", "max ms", "lost", "doubled"],
            report.Latency.Select(run => new object?[]
            {
                run.Rate, Rate(run.SentPerSecond), Milliseconds(run.P50Ms), Milliseconds(run.P95Ms), Milliseconds(run.P99Ms), Milliseconds(run.MaxMs), run.Lost, run.Doubled,
            }));
    }

    private static string Rate(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Ratio(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Percent(double share) => share.ToString("P1", CultureInfo.InvariantCulture);

    private static string Milliseconds(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Spread(IEnumerable<double> values, Func<double, string> format)
    {
        var all = values.ToArray();
        return $"{format(all.Min())} to {format(all.Max())}";
    }
}
