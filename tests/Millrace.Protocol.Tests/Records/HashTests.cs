using System.Text.Json;
using Millrace.Protocol.Records;
using Millrace.Protocol.Tests.Golden;

namespace Millrace.Protocol.Tests.Records;

public sealed class HashTests
{
    [Fact]
    public void Crc32c_is_kafkas()
    {
        IReadOnlyList<JsonElement> vectors = GoldenFiles.ReadLines("crc32c.jsonl");

        Assert.NotEmpty(vectors);
        Assert.All(vectors, vector => Assert.Equal(
            vector.GetProperty("crc32c").GetUInt32(),
            Crc32C.Compute(Convert.FromHexString(vector.GetProperty("hex").GetString()!))));
    }

    [Theory]
    [InlineData(3 * 1024 - 1)]
    [InlineData(3 * 1024)]
    [InlineData(3 * 1024 + 9)]
    [InlineData(100_003)]
    public void Crc32c_of_many_bytes_is_that_of_one_bit_after_another(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);

        Assert.Equal(BitByBit(bytes), Crc32C.Compute(bytes));
    }

    [Fact]
    public void Murmur2_and_the_partition_of_a_key_are_kafkas()
    {
        IReadOnlyList<JsonElement> vectors = GoldenFiles.ReadLines("murmur2.jsonl");

        Assert.Equal(200, vectors.Count);
        Assert.All(vectors, vector =>
        {
            byte[] key = Convert.FromHexString(vector.GetProperty("key_hex").GetString()!);
            Assert.Equal(vector.GetProperty("murmur2").GetInt32(), Murmur2.Hash(key));
            Assert.Equal(vector.GetProperty("mod3").GetInt32(), Murmur2.PartitionOf(key, 3));
            Assert.Equal(vector.GetProperty("mod12").GetInt32(), Murmur2.PartitionOf(key, 12));
        });
    }

    private static uint BitByBit(byte[] bytes)
    {
        const uint Castagnoli = 0x82F63B78;
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * Castagnoli);
            }
        }

        return ~crc;
    }
}
