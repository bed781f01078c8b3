using System.CommandLine;
using Millrace.Commands.Connections;
using Millrace.Commands.Produce;
using Millrace.Configuration;
using Millrace.Events;
using Millrace.Terminal;

namespace Millrace.Commands;

/// <summary>Sends events, one JSON object a line, from a file or from standard input.</summary>
internal static class ProduceCommand
{
    /// <summary>Each bad line is told of until it would drown the rest; the count is always whole.</summary>
    private const int MaxLinesTold = 20;

    public static Command Create()
    {
        var file = new Argument<string>("file") { Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => InputFile.StandardInput, Description = "NDJSON: one event a line; - is standard input." };
        var asIs = new Option<bool>("--as-is") { Description = "Send every line as it is, even what is no event: the pipeline makes dead letters of those." };
        Option<OutputFormat> format = FormatOption.Create("json: {\"topic\",\"sent\",\"refused\",\"failed\",\"seconds\"}");
        var command = new ExampleCommand(
            "produce", "Sends events, one JSON object a line, keyed by userId; ends when Kafka has them all on disk.",
            "echo '{\"eventType\":\"user_signup\",\"userId\":123}' | millrace produce",
            "millrace produce events.ndjson --topic events",
            "millrace produce events.ndjson --kafka localhost:9092 --format json")
        {
            file, SharedOptions.Topic(), asIs, SharedOptions.Data(), SharedOptions.Kafka(), format,
        };
        command.SetAction((parsed, _) => RunAsync(SharedOptions.Load(parsed), parsed.GetRequiredValue(file), parsed.GetValue(asIs), parsed.GetValue(format)));
        return command;
    }

    private static async Task<int> RunAsync(MillraceOptions options, string path, bool asIs, OutputFormat format)
    {
        var kafka = new KafkaConnection(options);
        await using Stream input = InputFile.Open(path, "Reading events from the keyboard, one JSON object a line; Ctrl+D ends.");
        using var signals = new ShutdownSignals(() => { });
        using var sender = new EventSender(kafka, options.Kafka.Topic);
        using SendProgress progress = SendProgress.Start(sender, () => input.CanSeek ? (input.Position, input.Length) : null);
        var refused = new RefusedLines(MaxLinesTold);
        try
        {
            await foreach (InputLine line in new LineReader(input, EnvelopeReader.MaxBytes).ReadAsync(signals.Requested))
                Send(line, asIs, sender, refused, signals.Requested);
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C: what was handed over is still waited for, and the count is told.
        }

        sender.Flush(CancellationToken.None);
        progress.Dispose();
        refused.Finish();
        return SendReport.Of(sender, options.Kafka.Topic, refused.Count).Write(format, sender.LastFailure);
    }

    private static void Send(InputLine line, bool asIs, EventSender sender, RefusedLines refused, CancellationToken cancellationToken)
    {
        if (line.Bytes is not { } bytes)
        {
            refused.Add(line.Number, RefusalReason.TooLarge);
            return;
        }

        if (!asIs && bytes.AsSpan().Trim(" \t"u8).IsEmpty)
            return;
        RefusalReason reason = EnvelopeReader.Read(bytes, out Envelope envelope, out _);
        if (reason != RefusalReason.None && !asIs)
            refused.Add(line.Number, reason);
        else
            sender.Send(envelope.HasUserId ? envelope.UserId.ToArray() : null, bytes, cancellationToken);
    }
}
