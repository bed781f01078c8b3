using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;

namespace Millrace.Pipeline.Read;

/// <summary>
/// The headers of a record as bytes, so that they stand in the <see cref="RecordBuffer"/> beside key and value: for each header, in order, int32
/// length and UTF-8 of its key, int32 length (-1 is null) and bytes of its value. Nobody looks at them but a record that fails or waits.
/// </summary>
internal readonly ref struct RecordHeaders(ReadOnlySpan<byte> encoded)
{
    private const string KeyProperty = "key";
    private const string ValueProperty = "value";
    private readonly ReadOnlySpan<byte> _encoded = encoded;

    /// <summary>Whether the record has none.</summary>
    public bool IsEmpty => _encoded.IsEmpty;

    /// <summary>How many bytes <see cref="Encode"/> writes.</summary>
    public static int EncodedLength(Headers headers)
    {
        var length = 0;
        for (var i = 0; i < headers.Count; i++)
            length += (2 * sizeof(int)) + Encoding.UTF8.GetByteCount(headers[i].Key) + (headers[i].GetValueBytes()?.Length ?? 0);
        return length;
    }

    /// <summary>Writes the headers to the begin of <paramref name="target"/>.</summary>
    public static void Encode(Headers headers, Span<byte> target)
    {
        for (var i = 0; i < headers.Count; i++)
        {
            var length = Encoding.UTF8.GetBytes(headers[i].Key, target[sizeof(int)..]);
            BinaryPrimitives.WriteInt32BigEndian(target, length);
            target = target[(sizeof(int) + length)..];
            var value = headers[i].GetValueBytes();
            BinaryPrimitives.WriteInt32BigEndian(target, value?.Length ?? -1);
            value.CopyTo(target[sizeof(int)..]);
            target = target[(sizeof(int) + (value?.Length ?? 0))..];
        }
    }

    /// <summary>The last header of that name, as a whole number from 0 on; null when there is none, or it is something else.</summary>
    public int? FindNumber(ReadOnlySpan<byte> name)
    {
        int? found = null;
        var rest = _encoded;
        while (TryNext(ref rest, out var key, out var hasValue, out var value))
        {
            if (key.SequenceEqual(name))
                found = hasValue && Utf8Parser.TryParse(value, out int number, out var used) && used == value.Length && number >= 0 ? number : null;
        }

        return found;
    }

    /// <summary>
    /// As they stand in the tables: <c>[{"key": text, "value": base64 or null}]</c>; null when there are none. U+0000, which <c>jsonb</c> cannot
    /// hold, is replaced in names.
    /// </summary>
    public string? ToJson()
    {
        if (_encoded.IsEmpty)
            return null;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            var rest = _encoded;
            while (TryNext(ref rest, out var key, out var hasValue, out var value))
            {
                json.WriteStartObject();
                json.WriteString(KeyProperty, Encoding.UTF8.GetString(key).Replace('\0', '\uFFFD'));
                if (hasValue)
                    json.WriteBase64String(ValueProperty, value);
                else
                    json.WriteNull(ValueProperty);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>The bytes again, from what <see cref="ToJson"/> made of them.</summary>
    public static byte[] FromJson(string? json)
    {
        if (json is null)
            return [];
        using var document = JsonDocument.Parse(json);
        var headers = new Headers();
        foreach (var header in document.RootElement.EnumerateArray())
        {
            var value = header.GetProperty(ValueProperty);
            headers.Add(header.GetProperty(KeyProperty).GetString(), value.ValueKind == JsonValueKind.Null ? null : value.GetBytesFromBase64());
        }

        var encoded = new byte[EncodedLength(headers)];
        Encode(headers, encoded);
        return encoded;
    }

    private static bool TryNext(
        scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> key, out bool hasValue, out ReadOnlySpan<byte> value)
    {
        key = value = default;
        hasValue = false;
        if (rest.IsEmpty)
            return false;
        key = Take(ref rest, out _);
        value = Take(ref rest, out hasValue);
        return true;
    }

    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> rest, out bool hasValue)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(rest);
        hasValue = length >= 0;
        var taken = rest.Slice(sizeof(int), Math.Max(0, length));
        rest = rest[(sizeof(int) + taken.Length)..];
        return taken;
    }
}
