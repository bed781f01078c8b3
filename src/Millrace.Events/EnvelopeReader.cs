using System.Buffers.Text;
using Millrace.Events.Json;

namespace Millrace.Events;

/// <summary>
/// Reads the envelope of an event straight from its UTF-8 bytes, in one pass over all of them: what passes is JSON that PostgreSQL
/// takes as <c>jsonb</c>. Allocates nothing unless a text of the envelope has escapes or the event is larger than most.
/// </summary>
/// <remarks>
/// Optional fields whose value is <c>null</c> count as absent, as serialisers write unset fields. A field of the envelope that occurs
/// twice is refused. Fields are recognised in the top level only, and their names are case-sensitive. What is wrong with the JSON comes
/// before what <c>jsonb</c> cannot hold, and that before what is wrong with a field.
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

    // Each token but the outermost has at least a byte and a comma, a colon or a bracket of its own.
    private static readonly JsonLimits Limits = new(MaxBytes, MaxTokens: MaxBytes, MaxDepth);

    [ThreadStatic]
    private static JsonTokens? _tokensOfThisThread;

    /// <summary>Reads one event.</summary>
    /// <param name="utf8">The whole value of the record.</param>
    /// <param name="envelope">What was read; default when the event is refused.</param>
    /// <param name="position">The byte where the reason was seen, 0 when it concerns the whole, the length when nothing was left to read.</param>
    /// <returns><see cref="RefusalReason.None"/> when it is an event, else the first reason why it is none.</returns>
    public static RefusalReason Read(ReadOnlySpan<byte> utf8, out Envelope envelope, out int position)
    {
        var tokens = _tokensOfThisThread ??= new JsonTokens();
        var reason = Read(utf8, tokens, out envelope, out position);
        if (tokens.AreLarge)
            _tokensOfThisThread = null;
        return reason;
    }

    private static RefusalReason Read(ReadOnlySpan<byte> utf8, JsonTokens tokens, out Envelope envelope, out int position)
    {
        envelope = default;
        var problem = tokens.Read(utf8, Limits, out position);
        if (problem != JsonProblem.None)
            return Reason(problem, utf8);

        var view = tokens.View(utf8);
        var reason = CheckForJsonb(view, tokens, ref position);
        if (reason != RefusalReason.None)
            return reason;
        if (view.Tokens[0].Kind != TokenKind.Object)
        {
            position = 0;
            return RefusalReason.NotAnObject;
        }

        var state = new State();
        reason = ReadFields(view, ref state, ref position);
        if (reason == RefusalReason.None)
            envelope = state.ToEnvelope(utf8, tokens);
        return reason;
    }

    private static RefusalReason Reason(JsonProblem problem, ReadOnlySpan<byte> utf8) => problem switch
    {
        JsonProblem.TooLarge => RefusalReason.TooLarge,
        JsonProblem.ByteOrderMark => RefusalReason.ByteOrderMark,
        JsonProblem.NotUtf8 => RefusalReason.InvalidUtf8,
        JsonProblem.TooDeep => RefusalReason.TooDeep,
        JsonProblem.LoneSurrogate => RefusalReason.LoneSurrogate,
        JsonProblem.ExponentTooLarge => RefusalReason.NumberOutOfRange,
        _ => utf8.Contains((byte)0) ? RefusalReason.NulCharacter : RefusalReason.NotJson,
    };

    /// <summary>What jsonb would refuse, wherever in the event it stands.</summary>
    private static RefusalReason CheckForJsonb(in JsonView view, JsonTokens tokens, ref int position)
    {
        if (tokens.NulAt >= 0)
        {
            position = tokens.NulAt;
            return RefusalReason.NulCharacter;
        }

        if (!tokens.HasUnusualNumbers)
            return RefusalReason.None;
        foreach (ref readonly var token in view.Tokens)
        {
            if (token.Kind == TokenKind.Number && !JsonNumber.FitsNumeric(view.Text(token)))
            {
                position = token.Start;
                return RefusalReason.NumberOutOfRange;
            }
        }

        return RefusalReason.None;
    }

    private static RefusalReason ReadFields(scoped in JsonView view, ref State state, ref int position)
    {
        var end = view.Tokens[0].Next;
        for (var name = 1; name < end; name = view.Tokens[name + 1].Next)
        {
            var field = EnvelopeFields.Find(view, name);
            if (field == EnvelopeField.None)
                continue;
            var isDuplicate = (state.Seen & field) != 0;
            var reason = isDuplicate ? RefusalReason.DuplicateField : ReadField(view, view.Tokens[name + 1], field, ref state);
            if (reason != RefusalReason.None)
            {
                position = Position(view.Tokens[isDuplicate ? name : name + 1]);
                return reason;
            }

            state.Seen |= field;
        }

        return (state.Seen & EnvelopeField.EventType) == 0 ? RefusalReason.EventTypeMissing : RefusalReason.None;
    }

    /// <summary>Where it begins as people see it: texts with their quotation mark.</summary>
    private static int Position(in Token token) => token.Kind is TokenKind.Name or TokenKind.String ? token.Start - 1 : token.Start;

    private static RefusalReason ReadField(scoped in JsonView view, scoped in Token value, EnvelopeField field, ref State state)
    {
        if (value.Kind == TokenKind.Null && field != EnvelopeField.EventType)
        {
            if (field == EnvelopeField.EventId)
                state.NullEventIdAt = value.Start;
            else if (field == EnvelopeField.CorrelationId)
                state.NullCorrelationIdAt = value.Start;
            return RefusalReason.None;
        }

        switch (field)
        {
            case EnvelopeField.EventType:
                return value.Kind == TokenKind.String && TryText(view, value, 1, MaxEventTypeCharacters, out state.EventType)
                    ? RefusalReason.None : RefusalReason.EventTypeInvalid;
            case EnvelopeField.EventId:
                return TryEventId(view, value, out state.EventId) ? RefusalReason.None : RefusalReason.EventIdInvalid;
            case EnvelopeField.UserId:
                state.HasUserId = TryText(view, value, 0, MaxIdCharacters, out state.UserId);
                return state.HasUserId ? RefusalReason.None : RefusalReason.UserIdInvalid;
            case EnvelopeField.Timestamp:
                return TryTimestamp(view, value, out state.Timestamp) ? RefusalReason.None : RefusalReason.TimestampInvalid;
            case EnvelopeField.SchemaVersion:
                return TrySchemaVersion(view, value, out state.SchemaVersion) ? RefusalReason.None : RefusalReason.SchemaVersionInvalid;
            case EnvelopeField.CorrelationId:
                state.HasCorrelationId = TryText(view, value, 0, MaxIdCharacters, out state.CorrelationId);
                return state.HasCorrelationId ? RefusalReason.None : RefusalReason.CorrelationIdInvalid;
            default:
                throw new ArgumentOutOfRangeException(nameof(field), field, "Not a field of the envelope.");
        }
    }

    /// <summary>A string without its escapes, or a number as written.</summary>
    private static bool TryText(scoped in JsonView view, scoped in Token value, int min, int max, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (value.Kind is not (TokenKind.String or TokenKind.Number))
            return false;
        text = view.Text(value);

        // The buffer for texts without their escapes is that of the next event too.
        if (value.Unescaped)
            text = text.ToArray();

        // Counted only where it can matter: there are never more characters than bytes.
        return text.Length >= min && (text.Length <= max || JsonText.CountCharacters(text) <= max);
    }

    private static bool TryEventId(in JsonView view, in Token value, out Guid? id)
    {
        id = null;
        if (value.Kind != TokenKind.String || value.Length != 36)
            return false;

        // The nil UUID is what an id that was never set looks like: taken, it would make every such event a duplicate of the first.
        if (!Utf8Parser.TryParse(view.Text(value), out Guid parsed, out var consumed, 'D') || consumed != value.Length || parsed == Guid.Empty)
            return false;
        id = parsed;
        return true;
    }

    private static bool TryTimestamp(in JsonView view, in Token value, out DateTime? timestamp)
    {
        timestamp = null;
        DateTime utc;
        switch (value.Kind)
        {
            case TokenKind.String:
                if (value.Length is < 20 or > 64 || !Rfc3339.TryParse(view.Text(value), out utc))
                    return false;
                break;
            case TokenKind.Number:
                if (!Utf8Parser.TryParse(view.Text(value), out decimal milliseconds, out var consumed) || consumed != value.Length
                    || !EpochMilliseconds.TryConvert(milliseconds, out utc))
                    return false;
                break;
            default:
                return false;
        }

        timestamp = utc;
        return true;
    }

    private static bool TrySchemaVersion(in JsonView view, in Token value, out int? version)
    {
        version = null;
        if (value.Kind != TokenKind.Number || !Utf8Parser.TryParse(view.Text(value), out int parsed, out var consumed) || consumed != value.Length || parsed < 0)
            return false;
        version = parsed;
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

        public readonly Envelope ToEnvelope(ReadOnlySpan<byte> utf8, JsonTokens tokens) => new()
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
            Utf8 = utf8,
            Tokens = tokens,
            Reading = tokens.Readings,
        };
    }
}
