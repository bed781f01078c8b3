using Millrace.Protocol;
using Millrace.Protocol.Messages;
using Millrace.Testing;

namespace Millrace.Broker.Tests.Apis;

public sealed class FetchApiTests
{
    [Fact]
    public async Task Nothing_new_is_an_empty_byte_string_and_not_null()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        var data = await client.FetchAsync("t", 0);
        Assert.Equal(ErrorCode.None, data.ErrorCode);
        Assert.True(data.Records is { IsEmpty: true });
        Assert.Equal((0, 0, 0, -1), (data.HighWatermark, data.LastStableOffset, data.LogStartOffset, data.PreferredReadReplica));
    }

    [Fact]
    public async Task Aborted_transactions_are_null_unless_committed_records_are_wanted()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        Assert.Null((await client.FetchAsync("t", 0)).AbortedTransactions);
        var request = WireCalls.FetchRequest("t", 0);
        request.IsolationLevel = 1;
        var response = await client.CallAsync<FetchRequest, FetchResponse>(request, 12);
        Assert.Empty(response.Responses[0].Partitions[0].AbortedTransactions!);
    }

    [Fact]
    public async Task Long_poll_is_woken_by_a_record()
    {
        await using var broker = await TestBroker.StartAsync();
        using var consumer = await broker.ConnectAsync();
        using var producer = await broker.ConnectAsync();
        await producer.CreateTopicAsync("t");
        var polling = consumer.FetchAsync("t", 0, maxWaitMs: 600_000);
        await producer.ProduceAsync("t", Batches.Of("a"));
        var data = await polling.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
        Assert.Equal("a", Assert.Single(Batches.Read(data.Records!.Value)).Value);
    }

    [Fact]
    public async Task Long_poll_waits_for_the_bytes_that_it_wants()
    {
        await using var broker = await TestBroker.StartAsync();
        using var consumer = await broker.ConnectAsync();
        using var producer = await broker.ConnectAsync();
        await producer.CreateTopicAsync("t");
        var batch = Batches.Of("a");
        var polling = consumer.FetchAsync("t", 0, maxWaitMs: 600_000, minBytes: 3 * batch.Length);
        for (var i = 0; i < 3; i++)
        {
            Assert.False(polling.IsCompleted);
            await producer.ProduceAsync("t", batch.ToArray());
        }

        var data = await polling.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(3, Batches.Read(data.Records!.Value).Count);
    }

    [Fact]
    public async Task Long_poll_ends_with_its_time()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        var data = await client.FetchAsync("t", 0, maxWaitMs: 50).WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
        Assert.True(data.Records is { IsEmpty: true });
    }

    [Fact]
    public async Task Long_poll_is_told_when_its_topic_is_deleted()
    {
        await using var broker = await TestBroker.StartAsync();
        using var consumer = await broker.ConnectAsync();
        using var admin = await broker.ConnectAsync();
        await admin.CreateTopicAsync("t");
        var polling = consumer.FetchAsync("t", 0, maxWaitMs: 600_000);
        await admin.CallAsync<DeleteTopicsRequest, DeleteTopicsResponse>(new() { TopicNames = ["t"] }, 5);
        var data = await polling.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, data.ErrorCode);
    }

    [Fact]
    public async Task Fetch_behind_a_produce_on_the_same_connection_sees_its_records()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        for (var i = 0; i < 20; i++)
        {
            byte[] both =
            [
                .. WireClient.FrameOf(WireCalls.ProduceRequest("t", Batches.Of($"{i}")), 12, 2 * i),
                .. WireClient.FrameOf(WireCalls.FetchRequest("t", i), 12, 2 * i + 1),
            ];
            await client.SendBytesAsync(both);
            await client.ReceiveAsync<ProduceResponse>(12, 2 * i);
            var fetched = await client.ReceiveAsync<FetchResponse>(12, 2 * i + 1);
            Assert.Equal($"{i}", Assert.Single(Batches.Read(fetched.Responses[0].Partitions[0].Records!.Value)).Value);
        }
    }

    [Fact]
    public async Task Stopping_broker_ends_long_polls()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        var id = await client.SendAsync(WireCalls.FetchRequest("t", 0, maxWaitMs: 600_000), 12);
        await client.Socket.SendAsync(ReadOnlyMemory<byte>.Empty, TestContext.Current.CancellationToken);
        await broker.StopAsync().WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
        Assert.True(id > 0);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(long.MaxValue)]
    public async Task Offset_outside_the_log_is_told_at_once(long offset)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        await client.ProduceAsync("t", Batches.Of("a"));
        Assert.Equal(ErrorCode.OffsetOutOfRange, (await client.FetchAsync("t", offset, maxWaitMs: 600_000)).ErrorCode);
    }

    [Fact]
    public async Task Every_partition_that_was_asked_for_is_answered()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var id = await client.CreateTopicAsync("t", partitions: 2);
        await client.ProduceAsync("t", Batches.Of("a"), partition: 1);
        var request = new FetchRequest
        {
            MaxWaitMs = 600_000,
            MinBytes = 1,
            Topics =
            [
                new() { TopicId = id, Partitions = [new() { Partition = 1, PartitionMaxBytes = 1000 }, new() { Partition = 0, PartitionMaxBytes = 1000 }, new() { Partition = 7 }] },
                new() { TopicId = Guid.NewGuid(), Partitions = [new() { Partition = 0 }] },
            ],
        };
        var response = await client.CallAsync<FetchRequest, FetchResponse>(request, 17);
        Assert.Equal(0, response.SessionId);
        Assert.Equal(
            [(1, ErrorCode.None), (0, ErrorCode.None), (7, ErrorCode.UnknownTopicOrPartition), (0, ErrorCode.UnknownTopicId)],
            response.Responses.SelectMany(t => t.Partitions).Select(p => (p.PartitionIndex, p.ErrorCode)));
        Assert.False(response.Responses[0].Partitions[0].Records!.Value.IsEmpty);
    }

    [Fact]
    public async Task Total_limit_leaves_later_partitions_empty_but_the_first_has_a_batch()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t", partitions: 3);
        for (var partition = 0; partition < 3; partition++)
            await client.ProduceAsync("t", Batches.Of(new string('x', 1000)), partition: partition);
        var request = WireCalls.FetchRequest("t", 0);
        request.MaxBytes = 1500;
        request.Topics[0].Partitions = [.. Enumerable.Range(0, 3).Select(p => new FetchRequest.FetchPartition { Partition = p, PartitionMaxBytes = 10 })];
        var partitions = (await client.CallAsync<FetchRequest, FetchResponse>(request, 12)).Responses[0].Partitions;
        Assert.Equal([false, true, true], partitions.Select(p => p.Records!.Value.IsEmpty));
    }

    [Fact]
    public async Task Session_that_does_not_exist_is_told()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        var request = WireCalls.FetchRequest("t", 0);
        (request.SessionId, request.SessionEpoch) = (5, 1);
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, (await client.CallAsync<FetchRequest, FetchResponse>(request, 12)).ErrorCode);
        request.SessionEpoch = 0;
        Assert.Equal(ErrorCode.None, (await client.CallAsync<FetchRequest, FetchResponse>(request, 12)).ErrorCode);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(1, 75)]
    [InlineData(-2, 74)]
    public async Task Leader_epoch_is_checked(int epoch, short error)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        var request = WireCalls.FetchRequest("t", 0);
        request.Topics[0].Partitions[0].CurrentLeaderEpoch = epoch;
        var response = await client.CallAsync<FetchRequest, FetchResponse>(request, 12);
        Assert.Equal((ErrorCode)error, response.Responses[0].Partitions[0].ErrorCode);
    }
}
