using System.Text;
using System.Text.Json;
using Millrace.Protocol.Records;
using Record = Millrace.Protocol.Records.Record;

namespace Millrace.Protocol.Tests.Records;

public sealed class RecordBatchBuilderTests
{
    /// <summary>Batches that a producer or a broker builds as they are, not ones that a broker has changed later.</summary>
    [Theory]
    [InlineData("none-one")]
    [InlineData("none-mixed")]
    [InlineData("none-base-offset")]
    [InlineData("none-idempotent")]
    [InlineData("none-transactional")]
    [InlineData("timestamp-extremes")]
    [InlineData("sequence-wrap")]
    [InlineData("producer-extremes")]
    [InlineData("offset-gaps")]
    [InlineData("long-value")]
    [InlineData("control-commit")]
    [InlineData("control-abort")]
    [InlineData("no-timestamp")]
    public void Built_batch_has_the_bytes_of_kafkas(string name)
    {
        GoldenRecordSet set = GoldenRecordSet.Named(name);
        foreach ((JsonElement expected, ReadOnlyMemory<byte> batch) in set.Batches.Zip(set.Split()))
        {
            Assert.Equal(Convert.ToHexStringLower(batch.Span), Convert.ToHexStringLower(Rebuild(expected)));
        }
    }

    [Theory]
    [InlineData(nameof(CompressionCodec.None))]
    [InlineData(nameof(CompressionCodec.Gzip))]
    [InlineData(nameof(CompressionCodec.Snappy))]
    [InlineData(nameof(CompressionCodec.Lz4))]
    [InlineData(nameof(CompressionCodec.Zstd))]
    public void Built_batch_reads_back(string codecName)
    {
        CompressionCodec codec = Enum.Parse<CompressionCodec>(codecName);
        using var builder = new RecordBatchBuilder { BaseOffset = 100, Attributes = new RecordBatchAttributes { Codec = codec } };
        for (int i = 0; i < 1000; i++)
        {
            builder.Append(1_700_000_000_000 + i, Encoding.UTF8.GetBytes($"user-{i}"), i % 10 == 0 ? (ReadOnlyMemory<byte>?)null : new byte[i], ("h", "v"u8.ToArray()), ("n", null));
        }

        byte[] batch = builder.Build();
        Assert.True(RecordBatchHeader.CrcIsValid(batch));
        using var reader = new RecordReader(batch, 1024 * 1024);
        Assert.Equal(codec, reader.Header.Attributes.Codec);
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(reader.TryRead(out Record record));
            Assert.Equal(100 + i, record.Offset);
            Assert.Equal(1_700_000_000_000 + i, record.Timestamp);
            Assert.Equal($"user-{i}", Encoding.UTF8.GetString(record.Key!.Value.Span));
            Assert.Equal(i % 10 == 0 ? null : i, record.Value?.Length);
            Assert.Equal(2, record.Headers.Count);
        }

        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void Batch_without_a_record_is_not_built()
    {
        using var builder = new RecordBatchBuilder();

        Assert.Throws<InvalidOperationException>(builder.Build);
    }

    [Fact]
    public void Offset_and_leader_epoch_can_be_set_without_breaking_the_checksum()
    {
        byte[] sent = GoldenRecordSet.Named("as-sent").Bytes;
        GoldenRecordSet stored = GoldenRecordSet.Named("as-stored");

        RecordBatchHeader.SetBaseOffset(sent, stored.Batches[0].GetProperty("base_offset").GetInt64());
        RecordBatchHeader.SetPartitionLeaderEpoch(sent, stored.Batches[0].GetProperty("partition_leader_epoch").GetInt32());

        Assert.Equal(stored.Bytes, sent);
        Assert.True(RecordBatchHeader.CrcIsValid(sent));
    }

    [Fact]
    public void Log_append_time_is_set_as_kafka_sets_it()
    {
        byte[] sent = GoldenRecordSet.Named("as-sent").Bytes;
        GoldenRecordSet stored = GoldenRecordSet.Named("as-stored-log-append-time");
        RecordBatchHeader.TryRead(sent, out RecordBatchHeader header);

        RecordBatchHeader.SetBaseOffset(sent, stored.Batches[0].GetProperty("base_offset").GetInt64());
        RecordBatchHeader.SetPartitionLeaderEpoch(sent, stored.Batches[0].GetProperty("partition_leader_epoch").GetInt32());
        RecordBatchHeader.SetAttributes(sent, header.Attributes with { IsLogAppendTime = true });
        RecordBatchHeader.SetMaxTimestamp(sent, stored.Batches[0].GetProperty("max_timestamp").GetInt64());
        RecordBatchHeader.SetCrc(sent);

        Assert.Equal(stored.Bytes, sent);
    }

    private static byte[] Rebuild(JsonElement expected)
    {
        long baseOffset = expected.GetProperty("base_offset").GetInt64();
        using var builder = new RecordBatchBuilder
        {
            BaseOffset = baseOffset,
            PartitionLeaderEpoch = expected.GetProperty("partition_leader_epoch").GetInt32(),
            Attributes = new RecordBatchAttributes
            {
                IsTransactional = expected.GetProperty("transactional").GetBoolean(),
                IsControl = expected.GetProperty("control").GetBoolean(),
            },
            ProducerId = expected.GetProperty("producer_id").GetInt64(),
            ProducerEpoch = expected.GetProperty("producer_epoch").GetInt16(),
            BaseSequence = expected.GetProperty("base_sequence").GetInt32(),
        };
        foreach (JsonElement record in expected.GetProperty("records").EnumerateArray())
        {
            builder.AppendAt(
                (int)(record.GetProperty("offset").GetInt64() - baseOffset),
                record.GetProperty("timestamp").GetInt64(),
                Bytes(record.GetProperty("key_hex")),
                Bytes(record.GetProperty("value_hex")),
                [.. record.GetProperty("headers").EnumerateArray()
                    .Select(header => (header.GetProperty("key").GetString()!, Bytes(header.GetProperty("value_hex"))))]);
        }

        return builder.Build();
    }

    private static ReadOnlyMemory<byte>? Bytes(JsonElement hex) =>
        hex.GetString() is { } text ? Convert.FromHexString(text) : (ReadOnlyMemory<byte>?)null;
}
