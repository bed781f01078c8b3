using System.Buffers.Binary;

namespace Millrace.Protocol.Records;

/// <summary>MurmurHash2 with Kafka's seed: what Java producers choose the partition of a key by.</summary>
internal static class Murmur2
{
    private const uint Seed = 0x9747b28c;
    private const uint Multiplier = 0x5bd1e995;

    public static int Hash(ReadOnlySpan<byte> key)
    {
        uint hash = Seed ^ (uint)key.Length;
        while (key.Length >= sizeof(uint))
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(key) * Multiplier;
            word = (word ^ (word >> 24)) * Multiplier;
            hash = (hash * Multiplier) ^ word;
            key = key[sizeof(uint)..];
        }

        if (!key.IsEmpty)
        {
            // The last one to three bytes, the first of them lowest.
            uint tail = 0;
            for (int i = key.Length - 1; i >= 0; i--)
            {
                tail = (tail << 8) | key[i];
            }

            hash = (hash ^ tail) * Multiplier;
        }

        hash = (hash ^ (hash >> 13)) * Multiplier;
        return (int)(hash ^ (hash >> 15));
    }

    /// <summary>The partition of a key: the hash without its sign, modulo the number of partitions.</summary>
    public static int PartitionOf(ReadOnlySpan<byte> key, int partitions) => (Hash(key) & int.MaxValue) % partitions;
}
