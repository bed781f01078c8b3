using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Operations;
using Millrace.Operations.Positions;
using Millrace.Terminal;

namespace Millrace.Commands.Groups;

/// <summary>Shows where each partition stands in PostgreSQL and in the log, and lets one go on that stopped because the two do not meet.</summary>
internal static class ResolveCommand
{
    public static Command Create()
    {
        var partition = new Option<int?>("--partition") { HelpName = "N", Description = "The partition that is to go on. Without it, all are shown." };
        var to = new Option<string?>("--to")
        {
            HelpName = "WHERE",
            Description = "earliest: the first offset there is; latest: the end, what is there now is given up; recreated: the start of a topic that was made again; or an offset.",
        };
        var force = new Option<bool>("--force") { Description = "Also backwards: records are read again, and stored once all the same." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would happen." };
        Option<string> actor = ActorOption.Create();
        to.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<string?>() is { } text && Target(text) is null)
                r.AddError($"--to is earliest, latest, recreated or an offset, not '{text}'.");
        });
        Option<OutputFormat> format = FormatOption.Create(
            "json: [{\"partition\",\"epoch\",\"nextOffset\",\"logStart\",\"logEnd\",\"owner\",\"updatedAt\",\"condition\",\"sentence\",\"lag\"}]; with --partition {\"outcome\",\"from\",\"to\",\"givenUp\",\"readAgain\",\"sentence\",\"isRefused\"}");
        var command = new ExampleCommand(
            "resolve", "Shows where each partition of the pipeline stands, and lets one go on that stopped because its position is not in the log any more.",
            "millrace groups resolve", "millrace groups resolve --partition 2 --to earliest --dry-run", "millrace groups resolve --partition 2 --to earliest")
        {
            partition, to, force, dryRun, actor,
        };
        command.Validators.Add(r =>
        {
            if (r.GetResult(partition) is null != r.GetResult(to) is null)
                r.AddError("--partition and --to go together: which one, and where it goes on.");
        });
        OperationsConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) =>
        {
            MillraceOptions options = SharedOptions.Load(parsed);
            if (parsed.GetValue(partition) is not { } number)
                return ListAsync(options, parsed.GetValue(format), cancellation);
            (ResolveTarget target, long? offset) = Target(parsed.GetValue(to)!)!.Value;
            var request = new ResolveRequest
            {
                Partition = number,
                Target = target,
                Offset = offset,
                Force = parsed.GetValue(force),
                DryRun = parsed.GetValue(dryRun),
                Actor = parsed.GetValue(actor)!,
            };
            return ResolveAsync(options, request, parsed.GetValue(format), cancellation);
        });
        return command;
    }

    private static (ResolveTarget Target, long? Offset)? Target(string text) => text switch
    {
        "earliest" => (ResolveTarget.Earliest, null),
        "latest" => (ResolveTarget.Latest, null),
        "recreated" => (ResolveTarget.RecreatedTopic, null),
        _ => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long offset) ? (ResolveTarget.Offset, offset) : null,
    };

    private static async Task<int> ListAsync(MillraceOptions options, OutputFormat format, CancellationToken cancellationToken)
    {
        await using OperationsServices operations = OperationsConnection.Open(options);
        IReadOnlyList<PartitionPosition> positions = await operations.Positions.ListAsync(cancellationToken);
        bool ok = positions.All(p => p.Condition == PartitionCondition.Ok);
        if (format == OutputFormat.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize([.. positions], OperationsJson.Default.PartitionPositionArray));
            return ok ? ExitCodes.Success : ExitCodes.Failed;
        }

        DataTable.Write(
            Console.Out,
            ["PARTITION", "NEXT", "LOG BEGINS", "LOG ENDS", "LAG", "EPOCH", "MOVED", "STATE"],
            positions.Select(p => new object?[] { p.Partition, p.NextOffset, p.LogStart, p.LogEnd, p.Lag, p.Epoch, Moments.Text(p.UpdatedAt), p.Condition == PartitionCondition.Ok ? "ok" : "STOPPED" }));
        foreach (PartitionPosition position in positions.Where(p => p.Condition != PartitionCondition.Ok))
            Console.Error.WriteLine($"Partition {position.Partition}: {position.Sentence}");
        return ok ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static async Task<int> ResolveAsync(MillraceOptions options, ResolveRequest request, OutputFormat format, CancellationToken cancellationToken)
    {
        await using OperationsServices operations = OperationsConnection.Open(options);
        ResolveResult result = await operations.Positions.ResolveAsync(request, cancellationToken);
        if (format == OutputFormat.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize(result, OperationsJson.Default.ResolveResult));
        else
            Console.Error.WriteLine(result.Sentence);
        return result.IsRefused ? ExitCodes.Failed : ExitCodes.Success;
    }
}
