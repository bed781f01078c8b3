using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Operations;
using Millrace.Operations.DeadLetters;
using Millrace.Terminal;

namespace Millrace.Commands.Dlq;

/// <summary>All about one dead letter.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var id = new Argument<Guid>("id")
        {
            Description = "The dead letter.",
            CustomParser = result => FilterOptions.ParseId(result.Tokens[0].Value, result.AddError),
        };
        Option<OutputFormat> format = FormatOption.Create(
            "json: {\"id\",\"state\",\"reason\",\"detail\",\"fingerprint\",\"topic\",\"partition\",\"offset\",\"timestamp\",\"key\",\"value\",\"keyText\",\"valueText\",\"headers\":[{\"key\",\"value\"}],…}; bytes are base64");
        var command = new ExampleCommand(
            "show", "Shows one dead letter: its reason, where it stood, its bytes and headers, what was decided.",
            "millrace dlq show 0197f2a0-4c1e-8b6a-9d53-2f7c1a0e6b41", "millrace dlq show 0197f2a0-4c1e-8b6a-9d53-2f7c1a0e6b41 --format json")
        {
            id,
        };
        OperationsConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) => RunAsync(SharedOptions.Load(parsed), parsed.GetValue(id), parsed.GetValue(format), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(MillraceOptions options, Guid id, OutputFormat format, CancellationToken cancellationToken)
    {
        await using OperationsServices operations = OperationsConnection.Open(options);
        DeadLetterRecord letter = await operations.DeadLetters.ShowAsync(id, cancellationToken)
            ?? throw new CommandFailedException(ExitCodes.Failed, $"There is no dead letter {id}: '{Product.CommandName} dlq list --state any' shows one of each kind.");
        if (format == OutputFormat.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize(letter, OperationsJson.Default.DeadLetterRecord));
        else
            FieldList.Write(Console.Out, Fields(letter));
        return ExitCodes.Success;
    }

    private static IEnumerable<(string, string?)> Fields(DeadLetterRecord letter) =>
    [
        ("id", letter.Id.ToString()),
        ("state", State(letter)),
        ("reason", letter.Reason),
        ("detail", letter.Detail),
        ("fingerprint", letter.Fingerprint),
        ("record", $"{letter.Topic}, partition {letter.Partition}, offset {letter.Offset}, {Moments.Exact(letter.Timestamp)}"),
        ("seen", letter.Attempts == 1 ? Moments.Text(letter.FirstSeen) : $"{Moments.Text(letter.FirstSeen)} to {Moments.Text(letter.LastSeen)}, {letter.Attempts} attempts"),
        ("replays", letter.Replays == 0 ? null : letter.Replays.ToString(CultureInfo.InvariantCulture)),
        ("relayed", letter.RelayedAt is { } at ? Moments.Text(at) : "not yet"),
        ("event id", letter.EventId?.ToString()),
        ("event type", letter.EventType),
        ("user", letter.UserId),
        ("correlation", letter.CorrelationId),
        ("key", Text(letter.KeyText, letter.Key)),
        .. letter.Headers.Select(h => ($"header {h.Key}", Text(RecordText.Of(h.Value), h.Value))),
        ("value", Text(letter.ValueText, letter.Value) ?? "(none)"),
    ];

    private static string State(DeadLetterRecord letter)
    {
        string state = letter.State.ToString().ToLowerInvariant();
        if (letter.DecidedBy is null)
            return state;
        string decision = $"{state} by {letter.DecidedBy}, {Moments.Text(letter.DecidedAt)}";
        return letter.DecidedReason is { } reason ? $"{decision}: {reason}" : decision;
    }

    /// <summary>As text where it is some, else the bytes; null when there is nothing.</summary>
    private static string? Text(string? text, byte[]? bytes) => bytes is null ? null : text ?? $"base64 {Convert.ToBase64String(bytes)}";
}
