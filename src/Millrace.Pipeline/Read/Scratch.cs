using Confluent.Kafka;

namespace Millrace.Pipeline.Read;

/// <summary>Where a key or value stands in the <see cref="Scratch"/>.</summary>
internal readonly record struct Slice(int Start, int Length)
{
    public static Slice Null => new(0, -1);

    public bool IsNull => Length < 0;
}

/// <summary>
/// Takes the key, the value and the headers of the record that is being consumed out of the client's memory without making arrays of them. They are good
/// until the next record is consumed, on the same thread.
/// </summary>
internal sealed class Scratch : IDeserializer<Slice>
{
    private byte[] _bytes = new byte[64 * 1024];
    private int _length;

    public void Clear() => _length = 0;

    public ReadOnlySpan<byte> Read(Slice slice) => slice.IsNull ? default : _bytes.AsSpan(slice.Start, slice.Length);

    public Slice Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        if (isNull)
            return Slice.Null;
        var slice = Reserve(data.Length);
        data.CopyTo(_bytes.AsSpan(slice.Start));
        return slice;
    }

    /// <summary>Adds the headers, of which most records have none.</summary>
    public Slice Add(Headers headers)
    {
        if (headers.Count == 0)
            return Slice.Null;
        var slice = Reserve(RecordHeaders.EncodedLength(headers));
        RecordHeaders.Encode(headers, _bytes.AsSpan(slice.Start, slice.Length));
        return slice;
    }

    private Slice Reserve(int length)
    {
        if (_bytes.Length - _length < length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + length));
        var slice = new Slice(_length, length);
        _length += length;
        return slice;
    }
}
