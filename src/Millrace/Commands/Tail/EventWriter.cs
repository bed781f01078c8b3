using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Confluent.Kafka;

namespace Millrace.Commands.Tail;

/// <summary>One line for each event, written through at once: a reader behind a pipe sees it when it arrives.</summary>
internal sealed class EventWriter(Stream output, OutputFormat format)
{
    // The output is a terminal or a file, not a web page: é stays é.
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _line = new();

    public void Write(ConsumeResult<byte[]?, byte[]?> record)
    {
        _line.ResetWrittenCount();
        if (format == OutputFormat.Json)
            WriteJson(record);
        else
            WriteText(record);
        _line.Write("\n"u8);
        output.Write(_line.WrittenSpan);
        output.Flush();
    }

    private void WriteText(ConsumeResult<byte[]?, byte[]?> record)
    {
        Message<byte[]?, byte[]?> message = record.Message;
        _line.Write(Encoding.UTF8.GetBytes($"{message.Timestamp.UtcDateTime.ToLocalTime():HH:mm:ss.fff} {record.Partition.Value}@{record.Offset.Value} "));
        // What came from outside must not steer the terminal.
        string value = message.Value is { } bytes ? Encoding.UTF8.GetString(bytes) : "(no value)";
        _line.Write(Encoding.UTF8.GetBytes(string.Create(value.Length, value, static (to, from) =>
        {
            for (int i = 0; i < from.Length; i++)
                to[i] = char.IsControl(from[i]) ? '?' : from[i];
        })));
    }

    private void WriteJson(ConsumeResult<byte[]?, byte[]?> record)
    {
        Message<byte[]?, byte[]?> message = record.Message;
        using var json = new Utf8JsonWriter(_line, Writing);
        json.WriteStartObject();
        json.WriteNumber("partition"u8, record.Partition.Value);
        json.WriteNumber("offset"u8, record.Offset.Value);
        json.WriteString("timestamp"u8, message.Timestamp.UtcDateTime);
        json.WriteString("key"u8, message.Key is { } key ? Encoding.UTF8.GetString(key) : null);
        if (message.Value is { } value && IsJson(value))
        {
            json.WritePropertyName("event"u8);
            json.WriteRawValue(OnOneLine(value), skipInputValidation: true);
        }
        else
        {
            json.WriteString("raw"u8, message.Value is { } raw ? Encoding.UTF8.GetString(raw) : null);
        }

        json.WriteEndObject();
    }

    private static bool IsJson(byte[] value)
    {
        var reader = new Utf8JsonReader(value, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Inside a JSON text a line break can only be white space, so a blank says the same.</summary>
    private static ReadOnlySpan<byte> OnOneLine(byte[] json)
    {
        byte[] line = [.. json];
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }
}
