using Millrace.Protocol;
using Millrace.Protocol.Messages;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Tests.Apis;

public sealed class ListOffsetsApiTests
{
    [Theory]
    [InlineData(-1, -1, 4)] // latest
    [InlineData(-2, -1, 0)] // earliest
    [InlineData(-3, 3000, 2)] // the newest by time
    [InlineData(-4, -1, 0)] // earliest local
    [InlineData(-5, -1, -1)] // latest tiered
    [InlineData(0, 1000, 0)]
    [InlineData(1001, 1001, 1)]
    [InlineData(1002, 3000, 2)]
    [InlineData(3001, -1, -1)]
    public async Task Offset_is_found_by_position_and_time(long wanted, long timestamp, long offset)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        await client.ProduceAsync("t", Batches.At(1000, "a", "b"));
        await client.ProduceAsync("t", Batches.At(3000, "c"));
        await client.ProduceAsync("t", Batches.At(2000, "d"));
        var found = await AskAsync(client, "t", 0, wanted);
        Assert.Equal((ErrorCode.None, timestamp, offset), (found.ErrorCode, found.Timestamp, found.Offset));
    }

    [Theory]
    [InlineData((int)CompressionCodec.Gzip)]
    [InlineData((int)CompressionCodec.Snappy)]
    [InlineData((int)CompressionCodec.Lz4)]
    [InlineData((int)CompressionCodec.Zstd)]
    public async Task Time_is_found_inside_a_compressed_batch(int codec)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        await client.ProduceAsync("t", Batches.Build(["a", "b", "c"], -1, -1, -1, 1000, new() { Codec = (CompressionCodec)codec }));
        Assert.Equal(1, (await AskAsync(client, "t", 0, 1001)).Offset);
    }

    [Fact]
    public async Task Batch_that_does_not_unpack_is_found_by_its_header()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        var batch = Batches.At(1000, "not gzip", "at all");
        RecordBatchHeader.SetAttributes(batch, new() { Codec = CompressionCodec.Gzip });
        RecordBatchHeader.SetCrc(batch);
        await client.ProduceAsync("t", batch);
        var found = await AskAsync(client, "t", 0, 1000);
        Assert.Equal((1001, 0), (found.Timestamp, found.Offset));
    }

    [Fact]
    public async Task Empty_partition_has_both_ends_at_0_and_no_times()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        Assert.Equal(0, (await AskAsync(client, "t", 0, -1)).Offset);
        Assert.Equal(0, (await AskAsync(client, "t", 0, -2)).Offset);
        Assert.Equal(-1, (await AskAsync(client, "t", 0, -3)).Offset);
        Assert.Equal(-1, (await AskAsync(client, "t", 0, 5)).Offset);
    }

    [Fact]
    public async Task Unknown_partition_is_told()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await AskAsync(client, "t", 3, -1)).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await AskAsync(client, "x", 0, -1)).ErrorCode);
    }

    private static async Task<ListOffsetsResponse.ListOffsetsPartitionResponse> AskAsync(WireClient client, string topic, int partition, long timestamp)
    {
        var response = await client.CallAsync<ListOffsetsRequest, ListOffsetsResponse>(
            new() { ReplicaId = -1, Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = partition, Timestamp = timestamp }] }] }, 10);
        return response.Topics[0].Partitions[0];
    }
}
