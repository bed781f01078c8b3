using System.CommandLine;
using System.Text.Json;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Operations;
using Millrace.Operations.DeadLetters;

namespace Millrace.Commands.Dlq;

/// <summary>Gives dead letters up, with a reason. They stay in the table.</summary>
internal static class DiscardCommand
{
    public static Command Create()
    {
        var filter = new FilterOptions();
        var all = new Option<bool>("--all") { Description = "All that are new." };
        var because = new Option<string>("--because") { HelpName = "TEXT", Description = "Why, for the record.", Required = true };
        because.Validators.Add(r =>
        {
            if (string.IsNullOrWhiteSpace(r.GetValueOrDefault<string>()))
                r.AddError("--because is a text that is not empty.");
        });
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        Option<string> actor = ActorOption.Create();
        Option<OutputFormat> format = FormatOption.Create("json: {\"discarded\"}");
        var command = new ExampleCommand(
            "discard", "Gives new dead letters up, with a reason; they stay in the table, with who, when and why.",
            "millrace dlq discard 0197f2a0-4c1e-8b6a-9d53-2f7c1a0e6b41 --because \"sent by a load test\"",
            "millrace dlq discard --reason not_json --until 7d --because \"old probes\" --yes");
        filter.AddTo(command, withIds: true, withState: false);
        foreach (Option option in (Option[])[all, because, yes, actor])
            command.Add(option);
        OperationsConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) =>
        {
            filter.RequireAny(parsed, all);
            DeadLetterFilter meant = filter.Read(parsed) with { State = DeadLetterState.New };
            return RunAsync(
                SharedOptions.Load(parsed), meant, parsed.GetValue(because)!, parsed.GetValue(actor)!, parsed.GetValue(yes), parsed.GetValue(format), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        MillraceOptions options, DeadLetterFilter filter, string because, string actor, bool yes, OutputFormat format, CancellationToken cancellationToken)
    {
        await using OperationsServices operations = OperationsConnection.Open(options);
        if (filter.Ids is null)
        {
            long count = (await operations.DeadLetters.ListAsync(filter, cancellationToken)).Sum(g => g.Count);
            if (count > 0)
                Confirmation.Ask($"Give up {count:N0} dead letters?", yes);
        }

        long discarded = await operations.DeadLetters.DiscardAsync(filter, because, actor, cancellationToken);
        Console.Error.WriteLine(discarded == 1 ? "1 dead letter was given up." : $"{discarded:N0} dead letters were given up.");
        if (format == OutputFormat.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize(new DiscardReport(discarded), OperationsJson.Default.DiscardReport));
        if (filter.Ids is not { } ids || discarded >= ids.Distinct().Count())
            return ExitCodes.Success;
        Console.Error.WriteLine($"The others are not there or not new any more: '{Product.CommandName} dlq show ID' says which.");
        return ExitCodes.SomeRefused;
    }
}

/// <summary>The shape of <c>dlq discard --format json</c>.</summary>
internal sealed record DiscardReport(long Discarded);
