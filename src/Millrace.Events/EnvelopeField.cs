using Millrace.Events.Json;

namespace Millrace.Events;

/// <summary>The fields of the envelope; as flags, so that one int holds which ones were seen.</summary>
[Flags]
internal enum EnvelopeField
{
    None = 0,
    EventType = 1,
    EventId = 2,
    UserId = 4,
    Timestamp = 8,
    SchemaVersion = 16,
    CorrelationId = 32,
}

internal static class EnvelopeFields
{
    /// <summary>In the order of <see cref="EnvelopeField"/>.</summary>
    public static readonly string[] Names = ["eventType", "eventId", "userId", "timestamp", "schemaVersion", "correlationId"];

    private static readonly NameTable Table = new(Names);

    /// <summary>The field that a name of the top level stands for; <see cref="EnvelopeField.None"/> for anything else.</summary>
    public static EnvelopeField Find(in JsonView view, int name)
    {
        ref readonly var token = ref view.Tokens[name];
        var found = Table.Find(view.Text(token), token.Count);
        return found < 0 ? EnvelopeField.None : (EnvelopeField)(1 << found);
    }
}
