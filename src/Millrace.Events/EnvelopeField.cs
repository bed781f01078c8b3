using System.Text.Json;

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
    /// <summary>The field that the property name under the reader is; <see cref="EnvelopeField.None"/> for anything else.</summary>
    public static EnvelopeField Match(scoped ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped)
            return MatchEscaped(ref reader);
        var name = reader.ValueSpan;
        return name.Length switch
        {
            6 when name.SequenceEqual("userId"u8) => EnvelopeField.UserId,
            7 when name.SequenceEqual("eventId"u8) => EnvelopeField.EventId,
            9 when name.SequenceEqual("eventType"u8) => EnvelopeField.EventType,
            9 when name.SequenceEqual("timestamp"u8) => EnvelopeField.Timestamp,
            13 when name.SequenceEqual("schemaVersion"u8) => EnvelopeField.SchemaVersion,
            13 when name.SequenceEqual("correlationId"u8) => EnvelopeField.CorrelationId,
            _ => EnvelopeField.None,
        };
    }

    /// <summary>An escaped name is the same name: <c>"event\u0054ype"</c> is what jsonb would store as eventType.</summary>
    private static EnvelopeField MatchEscaped(scoped ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("userId"u8) ? EnvelopeField.UserId
        : reader.ValueTextEquals("eventId"u8) ? EnvelopeField.EventId
        : reader.ValueTextEquals("eventType"u8) ? EnvelopeField.EventType
        : reader.ValueTextEquals("timestamp"u8) ? EnvelopeField.Timestamp
        : reader.ValueTextEquals("schemaVersion"u8) ? EnvelopeField.SchemaVersion
        : reader.ValueTextEquals("correlationId"u8) ? EnvelopeField.CorrelationId
        : EnvelopeField.None;
}
