namespace Millrace.Protocol;

/// <summary>
/// Variable-length integers, seven bits a byte, the lowest first. Messages use the unsigned form; records the zig-zag form,
/// where the sign is the lowest bit.
/// </summary>
internal static class Varint
{
    public const int MaxSize32 = 5;
    public const int MaxSize64 = 10;

    /// <summary>False, and <paramref name="position"/> left as it was, when the number is cut off or has more than 32 bits.</summary>
    public static bool TryReadUInt32(ReadOnlySpan<byte> bytes, ref int position, out uint value)
    {
        int start = position;
        if (TryReadUInt64(bytes, ref position, MaxSize32, out ulong wide) && wide <= uint.MaxValue)
        {
            value = (uint)wide;
            return true;
        }

        position = start;
        value = 0;
        return false;
    }

    /// <summary>VARINT: zig-zag, 32 bits.</summary>
    public static bool TryReadInt32(ReadOnlySpan<byte> bytes, ref int position, out int value)
    {
        bool read = TryReadUInt32(bytes, ref position, out uint zigzag);
        value = (int)(zigzag >> 1) ^ -(int)(zigzag & 1);
        return read;
    }

    /// <summary>VARLONG: zig-zag, 64 bits.</summary>
    public static bool TryReadInt64(ReadOnlySpan<byte> bytes, ref int position, out long value)
    {
        bool read = TryReadUInt64(bytes, ref position, MaxSize64, out ulong zigzag);
        value = (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
        return read;
    }

    /// <summary>The number of bytes written; <paramref name="destination"/> must hold <see cref="MaxSize64"/>.</summary>
    public static int WriteUInt64(Span<byte> destination, ulong value)
    {
        int size = 0;
        while (value >= 0x80)
        {
            destination[size++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[size++] = (byte)value;
        return size;
    }

    /// <inheritdoc cref="WriteUInt64"/>
    public static int WriteInt64(Span<byte> destination, long value) =>
        WriteUInt64(destination, ((ulong)value << 1) ^ (ulong)(value >> 63));

    private static bool TryReadUInt64(ReadOnlySpan<byte> bytes, ref int position, int maxSize, out ulong value)
    {
        value = 0;
        for (int i = 0; i < maxSize && position + i < bytes.Length; i++)
        {
            byte next = bytes[position + i];
            // The tenth byte has room for one bit.
            if (i == MaxSize64 - 1 && next > 1)
            {
                break;
            }

            value |= (ulong)(next & 0x7f) << (7 * i);
            if (next < 0x80)
            {
                position += i + 1;
                return true;
            }
        }

        value = 0;
        return false;
    }
}
