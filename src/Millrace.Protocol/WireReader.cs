using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Millrace.Protocol;

/// <summary>
/// Reads the primitive types of the protocol from one frame. Every length is checked against the bytes that are left before
/// anything is allocated for it, so a frame of n bytes cannot make the reader allocate more than a small multiple of n.
/// https://kafka.apache.org/protocol#protocol_types
/// </summary>
internal ref partial struct WireReader
{
    private readonly ReadOnlyMemory<byte> _frame;
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;

    /// <summary>Byte strings and record sets that are read are slices of <paramref name="frame"/>, not copies.</summary>
    public WireReader(ReadOnlyMemory<byte> frame)
    {
        _frame = frame;
        _bytes = frame.Span;
    }

    /// <summary>
    /// A frame in one segment is read in place. One in several is copied together first, once: nearly all of its bytes are
    /// record sets, which must be contiguous anyway to be checked and stored.
    /// </summary>
    public WireReader(ReadOnlySequence<byte> frame)
        : this(frame.IsSingleSegment ? frame.First : frame.ToArray())
    {
    }

    public readonly int Position => _position;

    public readonly int Remaining => _bytes.Length - _position;

    /// <summary>BOOLEAN: any byte but zero is true, as in Kafka.</summary>
    public bool ReadBoolean() => Take(sizeof(byte))[0] != 0;

    public sbyte ReadInt8() => (sbyte)Take(sizeof(sbyte))[0];

    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(sizeof(short)));

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(sizeof(ushort)));

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));

    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long)));

    public double ReadFloat64() => BinaryPrimitives.ReadDoubleBigEndian(Take(sizeof(double)));

    /// <summary>UUID: 16 bytes, most significant first.</summary>
    public Guid ReadUuid() => new(Take(16), bigEndian: true);

    /// <summary>UNSIGNED_VARINT: seven bits a byte, the lowest first; at most five bytes.</summary>
    public uint ReadUnsignedVarint()
    {
        if (!Varint.TryReadUInt32(_bytes, ref _position, out uint value))
        {
            throw new WireFormatException($"The varint at byte {_position} is cut off or longer than 32 bits.");
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Remaining)
        {
            throw Short(count);
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(_position, count);
        _position += count;
        return taken;
    }

    private readonly WireFormatException Short(long count) =>
        new($"{count} bytes are announced at byte {_position}, but only {Remaining} are left.");
}
