using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Millrace.Protocol.Records;
using Millrace.Protocol.Records.Codecs;
using Record = Millrace.Protocol.Records.Record;

namespace Millrace.Protocol.Tests.Records;

/// <summary>Every record set that Kafka has built, read: headers, checksums, codecs and records.</summary>
public sealed class GoldenRecordBatchTests
{
    private const int Cap = 16 * 1024 * 1024;

    public static TheoryData<string> Cases => GoldenRecordSet.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Set_splits_into_its_whole_batches_with_their_headers(string name)
    {
        GoldenRecordSet set = GoldenRecordSet.Named(name);
        IReadOnlyList<ReadOnlyMemory<byte>> batches = set.Split();

        Assert.Equal(set.Batches.Count, batches.Count);
        foreach ((JsonElement expected, ReadOnlyMemory<byte> batch) in set.Batches.Zip(batches))
        {
            Assert.Equal(expected.GetProperty("size").GetInt32(), batch.Length);
            if (IsCurrentFormat(expected))
            {
                AssertHeader(expected, batch.Span);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Records_are_those_that_kafka_reads(string name)
    {
        GoldenRecordSet set = GoldenRecordSet.Named(name);
        foreach ((JsonElement expected, ReadOnlyMemory<byte> batch) in set.Batches.Zip(set.Split()))
        {
            if (!IsCurrentFormat(expected))
            {
                Assert.Throws<WireFormatException>(() => new RecordReader(batch, Cap));
            }
            else if (expected.GetProperty("valid").GetBoolean())
            {
                AssertRecords(expected, batch);
                AssertUnpacked(expected, batch);
            }
        }
    }

    [Fact]
    public void Vectors_have_every_codec_and_a_wrong_checksum()
    {
        List<JsonElement> batches = [.. GoldenRecordSet.All.SelectMany(set => set.Batches).Where(IsCurrentFormat)];

        Assert.Equal(
            Enum.GetNames<CompressionCodec>().Select(codec => codec.ToLowerInvariant()).Order(),
            batches.Select(batch => batch.GetProperty("compression").GetString()!).Distinct().Order());
        Assert.Contains(batches, batch => !batch.GetProperty("valid").GetBoolean());
    }

    private static bool IsCurrentFormat(JsonElement batch) => batch.GetProperty("magic").GetInt32() == RecordBatchHeader.CurrentMagic;

    private static void AssertHeader(JsonElement expected, ReadOnlySpan<byte> batch)
    {
        Assert.True(RecordBatchHeader.TryRead(batch, out RecordBatchHeader header));
        Assert.Equal(expected.GetProperty("valid").GetBoolean(), RecordBatchHeader.CrcIsValid(batch));
        Assert.Equal(expected.GetProperty("base_offset").GetInt64(), header.BaseOffset);
        Assert.Equal(expected.GetProperty("last_offset").GetInt64(), header.LastOffset);
        Assert.Equal(expected.GetProperty("batch_length").GetInt32(), header.BatchLength);
        Assert.Equal(batch.Length, header.TotalSize);
        Assert.Equal(expected.GetProperty("partition_leader_epoch").GetInt32(), header.PartitionLeaderEpoch);
        Assert.Equal(expected.GetProperty("crc").GetUInt32(), header.Crc);
        Assert.Equal(expected.GetProperty("attributes").GetInt16(), header.Attributes.Bits);
        Assert.Equal(expected.GetProperty("compression").GetString(), $"{header.Attributes.Codec}".ToLowerInvariant());
        Assert.Equal(expected.GetProperty("timestamp_type").GetString() == "LogAppendTime", header.Attributes.IsLogAppendTime);
        Assert.Equal(expected.GetProperty("transactional").GetBoolean(), header.Attributes.IsTransactional);
        Assert.Equal(expected.GetProperty("control").GetBoolean(), header.Attributes.IsControl);
        Assert.Equal(expected.GetProperty("delete_horizon_ms").ValueKind != JsonValueKind.Null, header.Attributes.HasDeleteHorizon);
        Assert.Equal(expected.GetProperty("last_offset_delta").GetInt32(), header.LastOffsetDelta);
        Assert.Equal(expected.GetProperty("base_timestamp").GetInt64(), header.BaseTimestamp);
        Assert.Equal(expected.GetProperty("max_timestamp").GetInt64(), header.MaxTimestamp);
        Assert.Equal(expected.GetProperty("producer_id").GetInt64(), header.ProducerId);
        Assert.Equal(expected.GetProperty("producer_epoch").GetInt16(), header.ProducerEpoch);
        Assert.Equal(expected.GetProperty("base_sequence").GetInt32(), header.BaseSequence);
        Assert.Equal(expected.GetProperty("record_count").GetInt32(), header.RecordCount);
    }

    private static void AssertRecords(JsonElement expected, ReadOnlyMemory<byte> batch)
    {
        List<JsonElement> listed = [.. expected.GetProperty("records").EnumerateArray()];
        List<string> read = [];
        using var reader = new RecordReader(batch, Cap);
        while (reader.TryRead(out Record record))
        {
            read.Add(Describe(record));
        }

        Assert.Equal(expected.GetProperty("record_count").GetInt32(), read.Count);
        if (expected.TryGetProperty("records_omitted", out _))
        {
            read = [read[0], read[^1]];
        }

        Assert.Equal(listed.Select(Describe), read);
    }

    private static void AssertUnpacked(JsonElement expected, ReadOnlyMemory<byte> batch)
    {
        RecordBatchHeader.TryRead(batch.Span, out RecordBatchHeader header);
        using var unpacked = new PooledBufferWriter();

        Compression.Decompress(header.Attributes.Codec, batch[RecordBatchHeader.Size..], Cap, unpacked);

        Assert.Equal(expected.GetProperty("records_size").GetInt32(), unpacked.WrittenCount);
        Assert.Equal(expected.GetProperty("records_sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(unpacked.WrittenSpan)));
        if (expected.TryGetProperty("records_uncompressed_hex", out JsonElement hex))
        {
            Assert.Equal(hex.GetString(), Convert.ToHexStringLower(unpacked.WrittenSpan));
        }
    }

    private static string Describe(Record record)
    {
        IEnumerable<string> headers = record.Headers.Select(header => $"{Encoding.UTF8.GetString(header.Key.Span)}={Hex(header.Value)}");
        return $"{record.Offset} @{record.Timestamp} {Hex(record.Key)}: {Hex(record.Value)} [{string.Join(", ", headers)}]";
    }

    private static string Describe(JsonElement record)
    {
        IEnumerable<string> headers = record.GetProperty("headers").EnumerateArray()
            .Select(header => $"{header.GetProperty("key").GetString()}={Hex(header.GetProperty("value_hex"))}");
        return $"{record.GetProperty("offset")} @{record.GetProperty("timestamp")} {Hex(record.GetProperty("key_hex"))}: "
            + $"{Hex(record.GetProperty("value_hex"))} [{string.Join(", ", headers)}]";
    }

    private static string Hex(ReadOnlyMemory<byte>? bytes) => bytes is { } some ? Convert.ToHexStringLower(some.Span) : "null";

    private static string Hex(JsonElement hex) => hex.GetString() ?? "null";
}
