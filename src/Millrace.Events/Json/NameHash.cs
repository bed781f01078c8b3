using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Millrace.Events.Json;

/// <summary>A quick hash of short UTF-8 texts. Its multipliers differ from process to process, so that nobody can prepare names that collide.</summary>
internal static class NameHash
{
    private static readonly ulong First = (ulong)Random.Shared.NextInt64() << 1 | 1;
    private static readonly ulong Second = (ulong)Random.Shared.NextInt64() << 1 | 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(ReadOnlySpan<byte> text)
    {
        ulong a, b;
        if (text.Length >= 8)
        {
            if (text.Length > 16)
            {
                return OfLong(text);
            }

            a = BinaryPrimitives.ReadUInt64LittleEndian(text);
            b = BinaryPrimitives.ReadUInt64LittleEndian(text[^8..]);
        }
        else if (text.Length >= 4)
        {
            a = BinaryPrimitives.ReadUInt32LittleEndian(text);
            b = BinaryPrimitives.ReadUInt32LittleEndian(text[^4..]);
        }
        else
        {
            a = text.Length == 0 ? 0UL : text[0];
            b = text.Length == 0 ? 0UL : (ulong)text[^1] << 8 | text[text.Length / 2];
        }

        return Mix(a, b, text.Length);
    }

    private static int OfLong(ReadOnlySpan<byte> text)
    {
        ulong hash = 0;
        var rest = text;
        while (rest.Length >= 8)
        {
            hash = BitOperations.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(rest)) * First, 29);
            rest = rest[8..];
        }

        return Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(text[^8..]), text.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Mix(ulong a, ulong b, int length)
    {
        var hash = (a ^ (ulong)length) * First ^ BitOperations.RotateLeft(b * Second, 32);
        return (int)(hash * Second >> 32);
    }
}
