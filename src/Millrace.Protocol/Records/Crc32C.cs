using System.Buffers.Binary;
using System.Numerics;

namespace Millrace.Protocol.Records;

/// <summary>CRC-32C (Castagnoli), the checksum of record batches.</summary>
/// <remarks>
/// The processor's instruction takes three cycles and can begin anew in each. So large batches are cut into blocks of three lanes whose checksums are computed side by side;
/// that of the first is then moved over the bytes of the second, and both over those of the third. A checksum is linear: moving it over a fixed number of zero bytes is an
/// exclusive or of one table entry for each of its four bytes.
/// </remarks>
internal static class Crc32C
{
    /// <summary>Bytes of a lane: many, so that putting lanes together costs next to nothing, and few enough that most batches have them.</summary>
    private const int Lane = 1024;

    private static readonly uint[] OverLane = TableOver(Lane);

    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        while (bytes.Length >= 3 * Lane)
        {
            crc = ThreeLanes(crc, bytes[..(3 * Lane)]);
            bytes = bytes[(3 * Lane)..];
        }

        return ~Update(crc, bytes);
    }

    private static uint Update(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            // The instruction takes its operand as the bytes lie in memory on a little-endian machine.
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc;
    }

    private static uint ThreeLanes(uint crc, ReadOnlySpan<byte> block)
    {
        ReadOnlySpan<byte> first = block[..Lane];
        ReadOnlySpan<byte> second = block[Lane..(2 * Lane)];
        ReadOnlySpan<byte> third = block[(2 * Lane)..];
        uint crc2 = 0;
        uint crc3 = 0;
        for (int i = 0; i < Lane; i += sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(first[i..]));
            crc2 = BitOperations.Crc32C(crc2, BinaryPrimitives.ReadUInt64LittleEndian(second[i..]));
            crc3 = BitOperations.Crc32C(crc3, BinaryPrimitives.ReadUInt64LittleEndian(third[i..]));
        }

        return MoveOverLane(MoveOverLane(crc) ^ crc2) ^ crc3;
    }

    private static uint MoveOverLane(uint crc)
    {
        ReadOnlySpan<uint> table = OverLane;
        return table[(byte)crc] ^ table[256 + (byte)(crc >> 8)] ^ table[512 + (byte)(crc >> 16)] ^ table[768 + (int)(crc >> 24)];
    }

    /// <summary>What each value of each byte of a checksum becomes over so many zero bytes.</summary>
    private static uint[] TableOver(int zeros)
    {
        var ofBit = new uint[32];
        for (int bit = 0; bit < 32; bit++)
        {
            uint crc = 1u << bit;
            for (int i = 0; i < zeros; i += sizeof(ulong))
            {
                crc = BitOperations.Crc32C(crc, 0UL);
            }

            ofBit[bit] = crc;
        }

        var table = new uint[4 * 256];
        for (int i = 0; i < table.Length; i++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                if (((i & 0xFF) >> bit & 1) != 0)
                {
                    table[i] ^= ofBit[(i >> 8) * 8 + bit];
                }
            }
        }

        return table;
    }
}
