using System.Text.Json;

namespace Millrace.Pipeline.Ingest;

/// <summary>Finds the events of a body: where each begins and ends, without judging what is between.</summary>
internal static class RequestEvents
{
    /// <summary>
    /// Adds the range of each event; false when the body is not the array that it begins as, so that nobody can say where its events end. Stops
    /// after one more than <paramref name="max"/>.
    /// </summary>
    public static bool TryFind(ReadOnlySpan<byte> body, RequestFormat format, int max, List<Range> events) => format switch
    {
        RequestFormat.Json when FirstByte(body) == '[' => TryFindElements(body, max, events),
        RequestFormat.Json => AddWhole(body, events),
        RequestFormat.NdJson => AddLines(body, max, events),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format that has events."),
    };

    private static bool AddWhole(ReadOnlySpan<byte> body, List<Range> events)
    {
        AddTrimmed(body, 0, body.Length, events);
        return true;
    }

    private static bool AddLines(ReadOnlySpan<byte> body, int max, List<Range> events)
    {
        for (var start = 0; start < body.Length && events.Count <= max;)
        {
            var length = body[start..].IndexOf((byte)'\n');
            var end = length < 0 ? body.Length : start + length;
            AddTrimmed(body, start, end, events);
            start = end + 1;
        }

        return true;
    }

    private static bool TryFindElements(ReadOnlySpan<byte> body, int max, List<Range> events)
    {
        // How deep an event may be is judged event by event.
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (events.Count > max)
                    return true;
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                events.Add(start..(int)reader.BytesConsumed);
            }

            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void AddTrimmed(ReadOnlySpan<byte> body, int start, int end, List<Range> events)
    {
        while (start < end && IsWhitespace(body[start]))
            start++;
        while (end > start && IsWhitespace(body[end - 1]))
            end--;
        if (end > start)
            events.Add(start..end);
    }

    private static byte FirstByte(ReadOnlySpan<byte> body)
    {
        var at = body.IndexOfAnyExcept(" \t\r\n"u8);
        return at < 0 ? (byte)0 : body[at];
    }

    private static bool IsWhitespace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
