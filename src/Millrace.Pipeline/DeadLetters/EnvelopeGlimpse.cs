using System.Text;
using System.Text.Json;

namespace Millrace.Pipeline.DeadLetters;

/// <summary>
/// What can be made out of a record that is no event, for the person who looks for it: each field by itself, as far as the text is JSON.
/// </summary>
internal readonly record struct EnvelopeGlimpse(Guid? EventId, string? EventType, string? UserId, string? CorrelationId)
{
    // As much of a field as the tables of good events would take.
    private const int MaxCharacters = 256;

    // Records over the limit are looked at this far: the envelope's fields usually come first.
    private const int MaxBytes = 64 * 1024;

    public static EnvelopeGlimpse Of(ReadOnlySpan<byte> value)
    {
        Guid? eventId = null;
        string? eventType = null, userId = null, correlationId = null;
        var isWhole = value.Length <= MaxBytes;
        var reader = new Utf8JsonReader(isWhole ? value : value[..MaxBytes], isFinalBlock: isWhole, new JsonReaderState());
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return default;
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                    continue;
                if (reader.ValueTextEquals("eventId"u8))
                    eventId ??= Guid.TryParseExact(Text(ref reader), "D", out var id) && id != Guid.Empty ? id : null;
                else if (reader.ValueTextEquals("eventType"u8))
                    eventType ??= Text(ref reader);
                else if (reader.ValueTextEquals("userId"u8))
                    userId ??= Text(ref reader);
                else if (reader.ValueTextEquals("correlationId"u8))
                    correlationId ??= Text(ref reader);
            }
        }
        catch (JsonException)
        {
            // What was read before the text stopped being JSON is all there is to know.
        }

        return new EnvelopeGlimpse(eventId, eventType, userId, correlationId);
    }

    /// <summary>The text or number that comes next, when it can stand in a column of text.</summary>
    private static string? Text(scoped ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.ValueSpan.Length > 6 * MaxCharacters)
            return null;
        if (reader.TokenType == JsonTokenType.Number)
            return reader.ValueSpan.Length <= MaxCharacters ? Encoding.UTF8.GetString(reader.ValueSpan) : null;
        if (reader.TokenType != JsonTokenType.String)
            return null;
        try
        {
            var text = reader.GetString()!;
            return text.Length is > 0 and <= MaxCharacters && !text.Contains('\0') ? text : null;
        }
        catch (InvalidOperationException)
        {
            // Not UTF-8, or half a surrogate pair.
            return null;
        }
    }
}
