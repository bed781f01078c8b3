using System.CommandLine;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Operations;
using Millrace.Operations.DeadLetters;

namespace Millrace.Commands.Dlq;

/// <summary>Dead letters as NDJSON on standard output. It has no other form, so it has no <c>--format</c>.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var filter = new FilterOptions();
        var command = new ExampleCommand(
            "export", "Writes dead letters as NDJSON, the oldest first: a line each, in the shape of 'dlq show --format json'.",
            "millrace dlq export --reason not_json --state any");
        filter.AddTo(command, withIds: true, withState: true);
        OperationsConnection.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(SharedOptions.Load(parsed), filter.Read(parsed), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(MillraceOptions options, DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        await using OperationsServices operations = OperationsConnection.Open(options);
        await using Stream output = Console.OpenStandardOutput();
        long written = await operations.DeadLetters.ExportAsync(filter, output, cancellationToken);
        Console.Error.WriteLine($"{written:N0} dead letters were written.");
        return ExitCodes.Success;
    }
}
