using System.Buffers.Binary;
using System.Numerics;

namespace Millrace.Protocol.Records;

/// <summary>CRC-32C (Castagnoli), the checksum of record batches.</summary>
internal static class Crc32C
{
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
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

        return ~crc;
    }
}
