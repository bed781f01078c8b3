using Millrace.Registry;
using Millrace.Registry.Evidence;
using Millrace.Schemas;
using Millrace.Terminal;

namespace Millrace.Commands.Schema;

/// <summary>Tries a schema on stored events, with a bar for whoever looks.</summary>
internal static class EvidenceRun
{
    private const int BarWidth = 30;

    public static Task<EvidenceReport> RunAsync(
        SchemaRegistry registry, string eventType, JsonSchema candidate, TimeSpan window, CancellationToken cancellationToken) =>
        ShowAsync(progress => registry.Evidence.RunAsync(
            new EvidenceRequest(eventType, candidate, EvidenceRequest.Back(TimeProvider.System.GetUtcNow(), window)) { Progress = progress }, cancellationToken));

    /// <summary>Shows how far something is that reports it.</summary>
    public static async Task<T> ShowAsync<T>(Func<Action<long, long>, Task<T>> run)
    {
        var screen = new Screen();
        try
        {
            screen.SetStatus("Counting stored events…");
            return await run((done, total) => screen.SetStatus(Bar(done, total)));
        }
        finally
        {
            screen.SetStatus(null);
        }
    }

    /// <summary>The whole of it in a sentence.</summary>
    public static string Sentence(EvidenceReport report) =>
        $"rejects {Percent(report)} of {report.Events:N0} ({report.Examples.Count} {(report.Examples.Count == 1 ? "example" : "examples")}), "
        + $"rescues {report.Rescued:N0} of {report.DeadLetters:N0} dead letters";

    public static void WriteExamples(TextWriter output, EvidenceReport report)
    {
        foreach (RejectedEvent example in report.Examples)
            output.WriteLine($"  {example.EventId}  {(example.InstanceLocation.Length == 0 ? "" : $"{example.InstanceLocation}: ")}{example.Error}");
    }

    /// <summary>With as many digits as it takes to tell few from none.</summary>
    private static string Percent(EvidenceReport report) => (report.RejectedShare * 100) switch
    {
        0 => "0 %",
        < 0.01 => $"{report.Rejected:N0} (under 0.01 %)",
        var percent => $"{percent:0.##} %",
    };

    private static string Bar(long done, long total)
    {
        double share = total == 0 ? 1 : Math.Clamp((double)done / total, 0, 1);
        int full = (int)(share * BarWidth);
        return $"{new string('━', full)}{new string('─', BarWidth - full)} {share,4:P0}  {done:N0} of {total:N0} events";
    }
}
