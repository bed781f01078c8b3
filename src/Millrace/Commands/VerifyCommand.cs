using System.CommandLine;
using System.Text.Json;
using Millrace.Commands.Connections;
using Millrace.Commands.Verify;
using Millrace.Configuration;
using Millrace.Operations;
using Millrace.Operations.Proof;

namespace Millrace.Commands;

/// <summary>Proves that nothing was lost or doubled, or says where something was.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        Option<DateTimeOffset?> since = TimeOption.Create("--since", "Only what was committed since then: 2026-01-31, 2026-01-31T12:00:00Z, or 2h for two hours ago.");
        Option<DateTimeOffset?> until = TimeOption.Create("--until", "Only what was committed before then.");
        var deep = new Option<bool>("--deep") { Description = "Read the topic too, where offsets are not records (transactions, compaction): certain, but slower." };
        Option<OutputFormat> format = FormatOption.Create(
            "json: {\"topic\",\"groupId\",\"from\",\"to\",\"totals\":{…},\"checks\":[{\"name\",\"partition\",\"outcome\",\"sentence\"}],\"outcome\"}; outcomes are ok, failed and notChecked");
        var command = new ExampleCommand(
            "verify",
            "Proves from ledger, tables and broker that every record of the topic was accounted for once; exit code 0 when it was, 1 when anything differs, 6 when something could not be checked.",
            "millrace verify", "millrace verify --since 24h", "millrace verify --deep --format json")
        {
            since, until, deep,
        };
        OperationsConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) => RunAsync(
            SharedOptions.Load(parsed),
            new VerifyRequest { From = parsed.GetValue(since), To = parsed.GetValue(until), Deep = parsed.GetValue(deep) },
            parsed.GetValue(format),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(MillraceOptions options, VerifyRequest request, OutputFormat format, CancellationToken cancellationToken)
    {
        await using OperationsServices operations = OperationsConnection.Open(options);
        Verdict verdict = await operations.Verifier.VerifyAsync(request, cancellationToken);
        if (format == OutputFormat.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize(verdict, OperationsJson.Default.Verdict));
        else
            VerdictText.Write(Console.Out, verdict, request.Deep);
        return verdict.Outcome switch
        {
            CheckOutcome.Ok => ExitCodes.Success,
            CheckOutcome.Failed => ExitCodes.Failed,
            CheckOutcome.NotChecked => ExitCodes.NotProven,
            _ => throw new ArgumentOutOfRangeException(nameof(options), verdict.Outcome, null),
        };
    }
}
