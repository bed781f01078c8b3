using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Millrace.Events.Json;

/// <summary>A quick hash of short UTF-8 texts. Its multipliers differ from process to process, so that nobody can prepare names that collide.</summary>
internal static class NameHash
{
    private static readonly ulong First = (ulong)Random.Shared.NextInt64() << 1 | 1;
    private static readonly ulong Second = (ulong)Random.Shared.NextInt64() << 1 | 1;

    public static int Of(ReadOnlySpan<byte> text)
    {
        ulong first, second = 0;
        if (text.Length > 8)
        {
            if (text.Length > 16)
            {
                return OfLong(text);
            }

            first = BinaryPrimitives.ReadUInt64LittleEndian(text);
            second = BinaryPrimitives.ReadUInt64LittleEndian(text[^8..]) >> (8 * (16 - text.Length));
        }
        else if (text.Length >= 4)
        {
            first = BinaryPrimitives.ReadUInt32LittleEndian(text) | (ulong)BinaryPrimitives.ReadUInt32LittleEndian(text[^4..]) << (8 * (text.Length - 4));
        }
        else
        {
            var middle = text.Length / 2;
            first = text.Length == 0 ? 0UL : text[0] | (ulong)text[middle] << (8 * middle) | (ulong)text[^1] << (8 * (text.Length - 1));
        }

        return OfShort(first, second, text.Length);
    }

    /// <summary>The same of a text that has at most 16 bytes and is in a register.</summary>
    /// <param name="bytes">It, and zeros behind it.</param>
    /// <param name="length">Its length.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int OfShort(Vector128<byte> bytes, int length) => OfShort(bytes.AsUInt64()[0], bytes.AsUInt64()[1], length);

    private static int OfLong(ReadOnlySpan<byte> text)
    {
        ulong hash = 0;
        var rest = text;
        while (rest.Length >= 8)
        {
            hash = BitOperations.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(rest)) * First, 29);
            rest = rest[8..];
        }

        return OfShort(hash, BinaryPrimitives.ReadUInt64LittleEndian(text[^8..]), text.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int OfShort(ulong first, ulong second, int length)
    {
        var hash = (first ^ (ulong)length) * First ^ BitOperations.RotateLeft(second * Second, 32);

        // A product takes from the bits below only: without this, the last of eight characters would reach the highest bits alone, and tables look at the lowest.
        hash ^= hash >> 32;
        return (int)(hash * Second >> 32);
    }
}
