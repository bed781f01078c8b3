using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Millrace.Events;

/// <summary>
/// Reads the envelope of an event straight from its UTF-8 bytes, in one pass over all of them: what passes is JSON that PostgreSQL
/// takes as <c>jsonb</c>. Allocates nothing unless a text of the envelope has escapes or the bytes are refused as no JSON.
/// </summary>
/// <remarks>
/// Optional fields whose value is <c>null</c> count as absent, as serialisers write unset fields. A field of the envelope that occurs
/// twice is refused. Fields are recognised in the top level only, and their names are case-sensitive.
/// </remarks>
public static class EnvelopeReader
{
    /// <summary>The largest event in bytes: 1 MiB, Kafka's own default for a record batch.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>How deep objects and arrays may be nested, the event itself counted.</summary>
    public const int MaxDepth = 128;

    /// <summary>The longest <c>eventType</c>, in characters.</summary>
    public const int MaxEventTypeCharacters = 200;

    /// <summary>The longest <c>userId</c> and <c>correlationId</c>, in characters.</summary>
    public const int MaxIdCharacters = 256;

    /// <summary>Reads one event.</summary>
    /// <param name="utf8">The whole value of the record.</param>
    /// <param name="envelope">What was read; default when the event is refused.</param>
    /// <param name="position">The byte where the reason was seen, 0 when it concerns the whole, the length when nothing was left to read.</param>
    /// <returns><see cref="RefusalReason.None"/> when it is an event, else the first reason why it is none.</returns>
    public static RefusalReason Read(ReadOnlySpan<byte> utf8, out Envelope envelope, out int position)
    {
        envelope = default;
        position = 0;
        if (utf8.Length > MaxBytes)
            return RefusalReason.TooLarge;
        if (utf8.StartsWith("\uFEFF"u8))
            return RefusalReason.ByteOrderMark;
        if (!Utf8.IsValid(utf8))
            return RefusalReason.InvalidUtf8;

        // One level more than is allowed, so that too deep is told apart from a syntax error.
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth + 1 });
        try
        {
            var state = new State();
            var reason = Read(ref reader, ref state);
            position = (int)reader.TokenStartIndex;
            if (reason == RefusalReason.None)
                envelope = state.ToEnvelope();
            return reason;
        }
        catch (JsonException)
        {
            position = (int)reader.BytesConsumed;
            return utf8.Contains((byte)0) ? RefusalReason.NulCharacter : RefusalReason.NotJson;
        }
    }

    private static RefusalReason Read(scoped ref Utf8JsonReader reader, ref State state)
    {
        reader.Read();
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        do
        {
            var reason = CheckToken(ref reader);
            if (reason != RefusalReason.None)
                return reason;
            if (!isObject || reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                continue;

            var field = EnvelopeFields.Match(ref reader);
            if (field == EnvelopeField.None)
                continue;
            if ((state.Seen & field) != 0)
                return RefusalReason.DuplicateField;
            state.Seen |= field;
            reader.Read();
            reason = CheckToken(ref reader);
            if (reason == RefusalReason.None)
                reason = ReadField(ref reader, field, ref state);
            if (reason != RefusalReason.None)
                return reason;
        }
        while (reader.Read());

        // Only now: a broken text is no JSON before it is JSON of another kind.
        if (!isObject)
            return RefusalReason.NotAnObject;
        return (state.Seen & EnvelopeField.EventType) == 0 ? RefusalReason.EventTypeMissing : RefusalReason.None;
    }

    /// <summary>What jsonb would refuse, wherever in the event it stands.</summary>
    private static RefusalReason CheckToken(scoped ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
            case JsonTokenType.String:
                return reader.ValueIsEscaped ? JsonText.Check(reader.ValueSpan) : RefusalReason.None;
            case JsonTokenType.Number:
                return JsonNumber.FitsNumeric(reader.ValueSpan) ? RefusalReason.None : RefusalReason.NumberOutOfRange;
            case JsonTokenType.StartObject:
            case JsonTokenType.StartArray:
                return reader.CurrentDepth < MaxDepth ? RefusalReason.None : RefusalReason.TooDeep;
            default:
                return RefusalReason.None;
        }
    }

    private static RefusalReason ReadField(scoped ref Utf8JsonReader reader, EnvelopeField field, ref State state)
    {
        if (reader.TokenType == JsonTokenType.Null && field != EnvelopeField.EventType)
        {
            if (field == EnvelopeField.EventId)
                state.NullEventIdAt = (int)reader.TokenStartIndex;
            else if (field == EnvelopeField.CorrelationId)
                state.NullCorrelationIdAt = (int)reader.TokenStartIndex;
            return RefusalReason.None;
        }

        switch (field)
        {
            case EnvelopeField.EventType:
                return reader.TokenType == JsonTokenType.String && TryText(ref reader, 1, MaxEventTypeCharacters, out state.EventType)
                    ? RefusalReason.None : RefusalReason.EventTypeInvalid;
            case EnvelopeField.EventId:
                return TryEventId(ref reader, out state.EventId) ? RefusalReason.None : RefusalReason.EventIdInvalid;
            case EnvelopeField.UserId:
                state.HasUserId = TryText(ref reader, 0, MaxIdCharacters, out state.UserId);
                return state.HasUserId ? RefusalReason.None : RefusalReason.UserIdInvalid;
            case EnvelopeField.Timestamp:
                return TryTimestamp(ref reader, out state.Timestamp) ? RefusalReason.None : RefusalReason.TimestampInvalid;
            case EnvelopeField.SchemaVersion:
                return TrySchemaVersion(ref reader, out state.SchemaVersion) ? RefusalReason.None : RefusalReason.SchemaVersionInvalid;
            case EnvelopeField.CorrelationId:
                state.HasCorrelationId = TryText(ref reader, 0, MaxIdCharacters, out state.CorrelationId);
                return state.HasCorrelationId ? RefusalReason.None : RefusalReason.CorrelationIdInvalid;
            default:
                throw new ArgumentOutOfRangeException(nameof(field), field, "Not a field of the envelope.");
        }
    }

    /// <summary>A string without its escapes, or a number as written.</summary>
    private static bool TryText(scoped ref Utf8JsonReader reader, int min, int max, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
            return false;
        text = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            var plain = new byte[text.Length];
            text = plain.AsSpan(0, reader.CopyString(plain));
        }

        // Counted only where it can matter: there are never more characters than bytes.
        return text.Length >= min && (text.Length <= max || JsonText.CountCharacters(text) <= max);
    }

    private static bool TryEventId(scoped ref Utf8JsonReader reader, out Guid? id)
    {
        id = null;
        if (reader.TokenType != JsonTokenType.String || !TryText(ref reader, 36, 36, out var text))
            return false;

        // The nil UUID is what an id that was never set looks like: taken, it would make every such event a duplicate of the first.
        if (!Utf8Parser.TryParse(text, out Guid value, out var consumed, 'D') || consumed != text.Length || value == Guid.Empty)
            return false;
        id = value;
        return true;
    }

    private static bool TryTimestamp(scoped ref Utf8JsonReader reader, out DateTime? timestamp)
    {
        timestamp = null;
        DateTime utc;
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                if (!TryText(ref reader, 20, 64, out var text) || !Rfc3339.TryParse(text, out utc))
                    return false;
                break;
            case JsonTokenType.Number:
                if (!reader.TryGetDecimal(out var milliseconds) || !EpochMilliseconds.TryConvert(milliseconds, out utc))
                    return false;
                break;
            default:
                return false;
        }

        timestamp = utc;
        return true;
    }

    private static bool TrySchemaVersion(scoped ref Utf8JsonReader reader, out int? version)
    {
        version = null;
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var value) || value < 0)
            return false;
        version = value;
        return true;
    }

    private ref struct State()
    {
        public EnvelopeField Seen;
        public ReadOnlySpan<byte> EventType;
        public Guid? EventId;
        public int NullEventIdAt = -1;
        public int NullCorrelationIdAt = -1;
        public bool HasUserId;
        public ReadOnlySpan<byte> UserId;
        public DateTime? Timestamp;
        public int? SchemaVersion;
        public bool HasCorrelationId;
        public ReadOnlySpan<byte> CorrelationId;

        public readonly Envelope ToEnvelope() => new()
        {
            EventType = EventType,
            EventId = EventId,
            NullEventIdAt = NullEventIdAt,
            NullCorrelationIdAt = NullCorrelationIdAt,
            HasUserId = HasUserId,
            UserId = UserId,
            Timestamp = Timestamp,
            SchemaVersion = SchemaVersion,
            HasCorrelationId = HasCorrelationId,
            CorrelationId = CorrelationId,
        };
    }
}
