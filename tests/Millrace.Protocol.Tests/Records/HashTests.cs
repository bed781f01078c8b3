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
}
