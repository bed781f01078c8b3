using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using Millrace.Commands.Connections;
using Millrace.Commands.Status;
using Millrace.Configuration;
using Millrace.Hosting;
using Millrace.Pipeline;
using Npgsql;

namespace Millrace.Commands;

/// <summary>Shows how the running instance does: what it says of itself over HTTP, and what is in its tables.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        Option<OutputFormat> format = FormatOption.Create(
            "json: {\"running\",\"ready\",\"reason\",\"endpoints\":{…},\"sinceStart\":{\"stored\",\"duplicates\",\"deadLetters\"},\"lag\",\"partitions\":[…],\"tables\":{\"events\",\"eventsAreEstimated\",\"deadLetters\",\"unrelayedDeadLetters\",\"parkedUsers\"}}");
        var command = new ExampleCommand(
            "status", "Shows where the running instance is and how it does; exit code 0 when it is ready, 1 when it is not, 3 when none runs.",
            "millrace status", "millrace status --data /var/lib/millrace --format json")
        {
            SharedOptions.Data(), format,
        };
        command.SetAction((parsed, cancellation) => RunAsync(SharedOptions.Load(parsed), parsed.GetValue(format), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(MillraceOptions options, OutputFormat format, CancellationToken cancellationToken)
    {
        var discovery = new Discovery(options);
        if (discovery.Running is null && format == OutputFormat.Json)
        {
            Write(StatusReport.NotRunning);
            return ExitCodes.NotRunning;
        }

        Endpoints endpoints = discovery.RequireRunning();
        (PipelineStatus? pipeline, string? appProblem) = await AskAppAsync(endpoints, cancellationToken);
        (TableCounts? tables, string? databaseProblem) = await CountAsync(discovery, cancellationToken);
        string? reason = appProblem ?? databaseProblem ?? pipeline!.Reason;
        var report = new StatusReport(
            true,
            reason is null,
            reason,
            endpoints,
            pipeline is null ? null : new SinceStart(pipeline.Stored, pipeline.Duplicates, pipeline.DeadLetters),
            pipeline is { Lag: >= 0 } ? pipeline.Lag : null,
            pipeline is null ? [] : [.. pipeline.Partitions.Select(p => new PartitionReport(p.Partition, p.Epoch, p.NextOffset, p.EndOffset, p.Lag))],
            tables);
        if (format == OutputFormat.Json)
            Write(report);
        else
            StatusText.Write(Console.Out, report);
        return report.Ready ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static void Write(StatusReport report) => Console.Out.WriteLine(JsonSerializer.Serialize(report, JsonContext.Default.StatusReport));

    private static async Task<(PipelineStatus? Status, string? Problem)> AskAppAsync(Endpoints endpoints, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = new Uri(endpoints.App), Timeout = AnswerLimit };
        try
        {
            return (await http.GetFromJsonAsync("/status", JsonContext.Default.PipelineStatus, cancellationToken), null);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (null, $"{endpoints.App} does not answer: {e.Message}");
        }
    }

    private static async Task<(TableCounts? Counts, string? Problem)> CountAsync(Discovery discovery, CancellationToken cancellationToken)
    {
        try
        {
            return (await TableCounts.ReadAsync(discovery.ConnectionString, cancellationToken), null);
        }
        catch (NpgsqlException e)
        {
            return (null, $"PostgreSQL does not answer: {e.Message}");
        }
    }
}
