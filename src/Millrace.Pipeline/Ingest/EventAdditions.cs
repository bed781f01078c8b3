using System.Buffers.Text;
using Millrace.Events;

namespace Millrace.Pipeline.Ingest;

/// <summary>
/// Puts an id and a correlation id into an event's bytes: at the front, or in the place of a <c>null</c>. Everything else is copied as it is.
/// </summary>
internal ref struct EventAdditions
{
    private const int UuidCharacters = 36;
    private const int NullCharacters = 4;

    private readonly ReadOnlySpan<byte> _json;
    private readonly byte[] _result;
    private int _read;
    private int _written;

    private EventAdditions(ReadOnlySpan<byte> json, int added)
    {
        _json = json;
        _result = new byte[json.Length + added];
    }

    /// <param name="json">An event that was read, without white space before it.</param>
    /// <param name="envelope">What was read of it.</param>
    /// <param name="eventId">The id that it gets; null when it has one.</param>
    /// <param name="correlationId">The correlation id that it gets, of characters that need no escape in JSON; empty for none.</param>
    public static byte[] Apply(ReadOnlySpan<byte> json, in Envelope envelope, Guid? eventId, ReadOnlySpan<byte> correlationId)
    {
        Span<byte> id = stackalloc byte[UuidCharacters];
        if (eventId is { } guid)
            Utf8Formatter.TryFormat(guid, id, out _, 'D');
        else
            id = [];

        var additions = new EventAdditions(
            json, Size("eventId"u8, id, envelope.NullEventIdAt) + Size("correlationId"u8, correlationId, envelope.NullCorrelationIdAt));
        additions.CopyTo(1);
        additions.Insert("eventId"u8, id, envelope.NullEventIdAt);
        additions.Insert("correlationId"u8, correlationId, envelope.NullCorrelationIdAt);
        if (envelope.NullEventIdAt < envelope.NullCorrelationIdAt)
        {
            additions.Replace(id, envelope.NullEventIdAt);
            additions.Replace(correlationId, envelope.NullCorrelationIdAt);
        }
        else
        {
            additions.Replace(correlationId, envelope.NullCorrelationIdAt);
            additions.Replace(id, envelope.NullEventIdAt);
        }

        additions.CopyTo(json.Length);
        return additions._result;
    }

    private static int Size(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, int nullAt) => value.IsEmpty ? 0
        : nullAt >= 0 ? value.Length + 2 - NullCharacters
        : name.Length + value.Length + "\"\":\"\",".Length;

    /// <summary>The event has its type at least, so a comma always follows.</summary>
    private void Insert(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, int nullAt)
    {
        if (value.IsEmpty || nullAt >= 0)
            return;
        Write("\""u8);
        Write(name);
        Write("\":\""u8);
        Write(value);
        Write("\","u8);
    }

    private void Replace(scoped ReadOnlySpan<byte> value, int nullAt)
    {
        if (value.IsEmpty || nullAt < 0)
            return;
        CopyTo(nullAt);
        Write("\""u8);
        Write(value);
        Write("\""u8);
        _read += NullCharacters;
    }

    private void CopyTo(int end)
    {
        Write(_json[_read..end]);
        _read = end;
    }

    private void Write(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_result.AsSpan(_written));
        _written += bytes.Length;
    }
}
