using System.CommandLine;
using System.Text.Json;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Operations;
using Millrace.Operations.DeadLetters;
using Millrace.Terminal;

namespace Millrace.Commands.Dlq;

/// <summary>Sends dead letters to their topic again, patched where they need it.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var filter = new FilterOptions();
        var all = new Option<bool>("--all") { Description = "All of them." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say how many would pass now; nothing is sent." };
        var patch = new Option<FileInfo?>("--patch") { HelpName = "FILE", Description = "A JSON Patch (RFC 6902) that each value gets first." };
        var rate = new Option<double?>("--rate") { HelpName = "N", Description = "How many a second, at most. [default: as fast as Kafka takes them]" };
        var maxAttempts = new Option<int?>("--max-attempts") { HelpName = "N", Description = $"Leave alone what was tried this often already. [default: {Default.MaxAttempts}]" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        Option<string> actor = ActorOption.Create();
        rate.Check(value => value > 0, "--rate is a number above 0.");
        maxAttempts.Check(value => value >= 1, "--max-attempts is a number from 1.");
        Option<OutputFormat> format = FormatOption.Create(
            "json: {\"dryRun\",\"considered\",\"passed\",\"uncertain\",\"replayed\",\"guarded\",\"stillBad\":[{\"reason\",\"count\",\"exampleId\",\"exampleDetail\"}],\"notSent\":[…],\"missing\":[…]}");
        var command = new ExampleCommand(
            "replay", "Sends dead letters to their topic again. The event keeps its id, so replaying twice stores it once; exit code 5 when some did not pass.",
            "millrace dlq replay --reason event_type_missing --dry-run",
            "millrace dlq replay --reason event_type_missing --patch add-type.json --yes",
            "millrace dlq replay 0197f2a0-4c1e-8b6a-9d53-2f7c1a0e6b41",
            "millrace dlq replay --all --since 2h --rate 100 --yes");
        filter.AddTo(command, withIds: true, withState: true);
        foreach (Option option in (Option[])[all, dryRun, patch, rate, maxAttempts, yes, actor])
            command.Add(option);
        OperationsConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) =>
        {
            filter.RequireAny(parsed, all);
            var replay = Default with
            {
                Actor = parsed.GetValue(actor)!,
                DryRun = parsed.GetValue(dryRun),
                Patch = ReadPatch(parsed.GetValue(patch)),
                RatePerSecond = parsed.GetValue(rate),
                MaxAttempts = parsed.GetValue(maxAttempts) ?? Default.MaxAttempts,
            };
            return RunAsync(SharedOptions.Load(parsed), filter.Read(parsed), replay, parsed.GetValue(yes), parsed.GetValue(format), cancellation);
        });
        return command;
    }

    private static ReplayOptions Default { get; } = new() { Actor = "" };

    private static async Task<int> RunAsync(
        MillraceOptions options, DeadLetterFilter filter, ReplayOptions replay, bool yes, OutputFormat format, CancellationToken cancellationToken)
    {
        await using OperationsServices operations = await OperationsConnection.OpenWithSchemasAsync(options, cancellationToken);
        if (!replay.DryRun && filter.Ids is null)
        {
            long count = (await operations.DeadLetters.ListAsync(filter, cancellationToken)).Sum(g => g.Count);
            if (count > 0)
                Confirmation.Ask($"Send {count:N0} dead letters to their topic again?", yes);
        }

        var screen = new Screen();
        if (!replay.DryRun)
            replay = replay with { Progress = done => screen.SetStatus($"  {done:N0} done") };
        ReplayReport report;
        try
        {
            report = await operations.DeadLetters.ReplayAsync(filter, replay, cancellationToken);
        }
        finally
        {
            screen.SetStatus(null);
        }

        if (format == OutputFormat.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize(report, OperationsJson.Default.ReplayReport));
        else
            ReplayText.Write(Console.Error, Console.Out, report, replay.MaxAttempts);
        bool whole = report.DryRun || (report.Replayed == report.Considered && report.Missing.Count == 0);
        return whole ? ExitCodes.Success : ExitCodes.SomeRefused;
    }

    private static string? ReadPatch(FileInfo? file)
    {
        try
        {
            return file is null ? null : File.ReadAllText(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCodes.Usage, $"--patch cannot be read: {e.Message}", e);
        }
    }
}
