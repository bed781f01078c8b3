namespace Millrace.Commands.Status;

/// <summary>The report for people.</summary>
internal static class StatusText
{
    public static void Write(TextWriter output, StatusReport report)
    {
        Line("Millrace", report.Ready ? "ready" : $"NOT READY: {report.Reason}");
        if (report.Endpoints is { } endpoints)
        {
            Line("Process", $"{endpoints.Pid}");
            Line("Kafka", endpoints.Kafka);
            Line("PostgreSQL", endpoints.Postgres);
            Line("HTTP", endpoints.App);
        }

        if (report.Tables is { } tables)
        {
            Line("Events", $"{(tables.EventsAreEstimated ? "about " : "")}{tables.Events:N0}");
            Line("Dead letters", $"{tables.DeadLetters:N0} new{(tables.UnrelayedDeadLetters > 0 ? $", {tables.UnrelayedDeadLetters:N0} not yet in the dead-letter topic" : "")}");
            if (tables.ParkedUsers > 0)
                Line("Parked", $"{tables.ParkedUsers:N0} user(s) wait; '{Product.CommandName} parked' shows whom");
        }

        if (report.SinceStart is { } since)
            Line("Since start", $"{since.Stored:N0} stored, {since.Duplicates:N0} duplicates left out, {since.DeadLetters:N0} dead letters");
        Line("Lag", report.Lag is { } lag ? $"{lag:N0}" : "unknown");
        foreach (PartitionReport p in report.Partitions)
            Line($"  partition {p.Partition}", $"next {p.NextOffset:N0} of {p.EndOffset:N0}, lag {p.Lag:N0}, epoch {p.Epoch}");

        void Line(string what, string value) => output.WriteLine($"{what,-14} {value}");
    }
}
