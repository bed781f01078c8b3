using System.Text;
using System.Text.Json;
using Confluent.Kafka;

namespace Millrace.Commands.Tail;

/// <summary>Which events are shown. Reads only as much of an event as the question needs.</summary>
internal sealed class EventFilter(string? type, string? user)
{
    private readonly bool _all = type is null && user is null;

    public bool Matches(Message<byte[]?, byte[]?> message) =>
        _all || (message.Value is { } value && (type is null || Field(value, "eventType"u8) == type) && (user is null || Field(value, "userId"u8) == user));

    /// <summary>A top-level string or number as it would be typed; null when there is none, or the value is no JSON.</summary>
    private static string? Field(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1 || !reader.ValueTextEquals(name))
                    continue;
                reader.Read();
                return reader.TokenType switch
                {
                    JsonTokenType.String => reader.GetString(),
                    JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                    _ => null,
                };
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or text with half a surrogate: it has no field that anybody could have asked for.
        }

        return null;
    }
}
