using System.Text.Json;

namespace Millrace.Commands.Produce;

/// <summary>The shape of <c>produce</c> and <c>generate --format json</c>.</summary>
/// <param name="Topic">Where they went.</param>
/// <param name="Sent">Acknowledged by Kafka.</param>
/// <param name="Refused">Lines of the input that are no events and were not sent.</param>
/// <param name="Failed">Sent, but not acknowledged.</param>
/// <param name="Seconds">From the first to the last.</param>
internal sealed record SendReport(string Topic, long Sent, long Refused, long Failed, double Seconds)
{
    public static SendReport Of(EventSender sender, string topic, long refused) =>
        new(topic, sender.Acknowledged, refused, sender.Failed, Math.Round(sender.Elapsed.TotalSeconds, 3));

    /// <summary>The sentence on standard error, the document on standard output, the exit code.</summary>
    public int Write(OutputFormat format, string? lastFailure)
    {
        string sentence = $"Sent {Sent:N0} events to '{Topic}' in {Seconds:F1} s ({Sent / Math.Max(Seconds, 0.001):N0}/s)";
        if (Refused > 0)
            sentence += $"; {Refused:N0} lines are no events and were not sent";
        if (Failed > 0)
            sentence += $"; {Failed:N0} were not acknowledged ({lastFailure})";
        Console.Error.WriteLine($"{sentence}.");
        if (format == OutputFormat.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize(this, JsonContext.Default.SendReport));
        return Refused + Failed > 0 ? ExitCodes.SomeRefused : ExitCodes.Success;
    }
}
