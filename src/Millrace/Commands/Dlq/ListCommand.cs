using System.CommandLine;
using System.Text.Json;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Operations;
using Millrace.Operations.DeadLetters;
using Millrace.Terminal;

namespace Millrace.Commands.Dlq;

/// <summary>Dead letters by reason and fingerprint.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var filter = new FilterOptions();
        Option<OutputFormat> format = FormatOption.Create(
            "json: [{\"reason\",\"fingerprint\",\"count\",\"firstSeen\",\"lastSeen\",\"exampleId\",\"exampleDetail\"}]");
        var command = new ExampleCommand(
            "list", "Lists dead letters by reason and kind, with how many, when, and an example.",
            "millrace dlq list", "millrace dlq list --since 2h --type order_placed", "millrace dlq list --state any --format json");
        filter.AddTo(command, withIds: false, withState: true);
        OperationsConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) => RunAsync(SharedOptions.Load(parsed), filter.Read(parsed), parsed.GetValue(format), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(MillraceOptions options, DeadLetterFilter filter, OutputFormat format, CancellationToken cancellationToken)
    {
        await using OperationsServices operations = OperationsConnection.Open(options);
        IReadOnlyList<DeadLetterGroup> groups = await operations.DeadLetters.ListAsync(filter, cancellationToken);
        if (format == OutputFormat.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize([.. groups], OperationsJson.Default.DeadLetterGroupArray));
            return ExitCodes.Success;
        }

        if (groups.Count == 0)
        {
            Console.Error.WriteLine(filter.State is { } state ? $"No {state.ToString().ToLowerInvariant()} dead letters of this kind." : "No dead letters of this kind.");
            return ExitCodes.Success;
        }

        DataTable.Write(
            Console.Out,
            ["REASON", "FINGERPRINT", "COUNT", "FIRST SEEN", "LAST SEEN", "EXAMPLE", "DETAIL"],
            groups.Select(g => new object[] { g.Reason, g.Fingerprint, g.Count, Moments.Text(g.FirstSeen), Moments.Text(g.LastSeen), g.ExampleId, OneLine(g.ExampleDetail) }));
        Console.Error.WriteLine(
            $"{groups.Sum(g => g.Count):N0} in {groups.Count:N0} group(s). '{Product.CommandName} dlq show EXAMPLE' shows one; "
            + $"'{Product.CommandName} dlq replay --fingerprint {groups[0].Fingerprint} --dry-run' says how many would pass now.");
        return ExitCodes.Success;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
