namespace Millrace.Protocol.Records;

/// <summary>Reads the variable-length fields of records, which are zig-zag throughout, unlike those of messages.</summary>
internal ref struct RecordCursor(ReadOnlyMemory<byte> memory, int position)
{
    private readonly ReadOnlySpan<byte> _bytes = memory.Span;
    private int _position = position;

    public readonly int Position => _position;

    public readonly int Remaining => _bytes.Length - _position;

    public readonly ReadOnlyMemory<byte> Rest => memory[_position..];

    public int ReadVarint() =>
        Varint.TryReadInt32(_bytes, ref _position, out int value) ? value : throw Damaged("a varint is cut off or too long");

    public long ReadVarlong() =>
        Varint.TryReadInt64(_bytes, ref _position, out long value) ? value : throw Damaged("a varlong is cut off or too long");

    public byte ReadByte() => Remaining > 0 ? _bytes[_position++] : throw Damaged("it is cut off");

    /// <summary>A number of things that take at least <paramref name="minSize"/> bytes each.</summary>
    public int ReadCount(int minSize)
    {
        int count = ReadVarint();
        return count >= 0 && (long)count * minSize <= Remaining ? count : throw Damaged($"it says that it holds {count} parts");
    }

    public ReadOnlyMemory<byte> ReadBytes() => ReadNullableBytes() ?? throw Damaged("a name is null");

    public ReadOnlyMemory<byte>? ReadNullableBytes()
    {
        int length = ReadVarint();
        if (length == -1)
        {
            return null;
        }

        return length >= 0 && length <= Remaining ? Take(length) : throw Damaged($"a length of {length} with {Remaining} bytes left");
    }

    public ReadOnlyMemory<byte> Take(int length)
    {
        ReadOnlyMemory<byte> taken = memory.Slice(_position, length);
        _position += length;
        return taken;
    }

    public readonly WireFormatException Damaged(string what) => new($"The record at byte {_position} is damaged: {what}.");
}
