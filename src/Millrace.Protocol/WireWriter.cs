using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Millrace.Protocol;

/// <summary>
/// Writes the primitive types of the protocol. It takes a span from the output, fills it and advances once when it is full,
/// so <see cref="Flush"/> must be called after the last value.
/// </summary>
internal ref partial struct WireWriter(IBufferWriter<byte> output)
{
    /// <summary>What is asked of the output at a time: most messages fit, and a pooled buffer gives what it has anyway.</summary>
    private const int SpanSize = 256;

    private Span<byte> _span;
    private int _written;

    public void WriteBoolean(bool value) => Take(sizeof(byte))[0] = value ? (byte)1 : (byte)0;

    public void WriteInt8(sbyte value) => Take(sizeof(sbyte))[0] = (byte)value;

    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), value);

    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(sizeof(ushort)), value);

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), value);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(sizeof(uint)), value);

    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(sizeof(long)), value);

    public void WriteFloat64(double value) => BinaryPrimitives.WriteDoubleBigEndian(Take(sizeof(double)), value);

    public void WriteUuid(Guid value) => value.TryWriteBytes(Take(16), bigEndian: true, out _);

    public void WriteUnsignedVarint(uint value)
    {
        Ensure(Varint.MaxSize64);
        _written += Varint.WriteUInt64(_span[_written..], value);
    }

    /// <summary>Bytes as they are, without a length.</summary>
    public void WriteRaw(ReadOnlySpan<byte> value)
    {
        if (value.Length <= _span.Length - _written)
        {
            value.CopyTo(_span[_written..]);
            _written += value.Length;
            return;
        }

        Flush();
        output.Write(value);
    }

    /// <summary>Hands what has been written to the output. The writer can be used again after it.</summary>
    public void Flush()
    {
        if (_written > 0)
        {
            output.Advance(_written);
        }

        _span = default;
        _written = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Take(int count)
    {
        Ensure(count);
        Span<byte> taken = _span.Slice(_written, count);
        _written += count;
        return taken;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Ensure(int count)
    {
        if (count > _span.Length - _written)
        {
            Grow(count);
        }
    }

    private void Grow(int count)
    {
        Flush();
        _span = output.GetSpan(int.Max(count, SpanSize));
    }
}
