using Millrace.Broker.Tests.Apis;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Tests;

/// <summary>What a stop and a start must leave as it is.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task Topics_ids_records_and_offsets_are_as_before()
    {
        await using var broker = await TestBroker.StartAsync();
        Guid id;
        string? clusterId;
        using (var client = await broker.ConnectAsync())
        {
            id = await client.CreateTopicAsync("t", partitions: 3, ("max.message.bytes", "5000"));
            for (var i = 0; i < 30; i++)
                await client.ProduceAsync("t", Batches.Of($"{i}"), partition: i % 3);
            await GroupApisTests.CommitAsync(client, "g", "t", 4);
            clusterId = (await client.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = [] }, 9)).ClusterId;
        }

        for (var restart = 0; restart < 2; restart++)
        {
            await broker.RestartAsync();
            using var client = await broker.ConnectAsync();
            var metadata = await client.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = null }, 13);
            Assert.Equal(clusterId, metadata.ClusterId);
            Assert.Equal((id, 3), (Assert.Single(metadata.Topics).TopicId, metadata.Topics[0].Partitions.Count));
            Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i * 3 + 1}"), await client.ReadAllAsync("t", partition: 1));
            Assert.Equal(4, await GroupApisTests.CommittedAsync(client, "g", "t"));
            Assert.Equal(ErrorCode.MessageTooLarge, (await client.ProduceAsync("t", Batches.Of(new string('x', 5000)))).ErrorCode);
        }
    }

    [Fact]
    public async Task Batch_that_is_sent_again_after_a_restart_is_still_a_duplicate()
    {
        await using var broker = await TestBroker.StartAsync();
        long producer;
        using (var client = await broker.ConnectAsync())
        {
            await client.CreateTopicAsync("t");
            producer = (await client.CallAsync<InitProducerIdRequest, InitProducerIdResponse>(new() { TransactionalId = null }, 4)).ProducerId;
            await client.ProduceAsync("t", Batches.Idempotent(producer, 0, 0, "a"));
        }

        await broker.RestartAsync();
        using var again = await broker.ConnectAsync();
        Assert.Equal(0, (await again.ProduceAsync("t", Batches.Idempotent(producer, 0, 0, "a"))).BaseOffset);
        Assert.Equal(1, (await again.ProduceAsync("t", Batches.Idempotent(producer, 0, 1, "b"))).BaseOffset);
        Assert.NotEqual(producer, (await again.CallAsync<InitProducerIdRequest, InitProducerIdResponse>(new() { TransactionalId = null }, 4)).ProducerId);
        Assert.Equal(["a", "b"], await again.ReadAllAsync("t"));
    }

    [Fact]
    public async Task Deleted_topic_stays_deleted_and_a_half_done_deletion_is_finished_or_taken_back()
    {
        await using var broker = await TestBroker.StartAsync();
        using (var client = await broker.ConnectAsync())
        {
            await client.CreateTopicAsync("kept");
            await client.ProduceAsync("kept", Batches.Of("a"));
            await client.CreateTopicAsync("deleted");
            await client.CallAsync<DeleteTopicsRequest, DeleteTopicsResponse>(new() { TopicNames = ["deleted"] }, 5);
        }

        await broker.StopAsync();
        var topics = Path.Combine(broker.Directory, "topics");

        // As a crash leaves it before the deletion is recorded, and after.
        var kept = Directory.GetDirectories(topics).Single();
        Directory.Move(kept, kept + ".deleted");
        Directory.CreateDirectory(Path.Combine(topics, $"gone.{Guid.NewGuid():N}.deleted", "0"));
        await broker.StartAgainAsync();
        using var again = await broker.ConnectAsync();
        Assert.Equal(["a"], await again.ReadAllAsync("kept"));
        Assert.Equal([kept], Directory.GetDirectories(topics));
    }

    [Fact]
    public async Task Directory_that_the_broker_does_not_know_is_left_alone()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.StopAsync();
        var unknown = Path.Combine(broker.Directory, "topics", "mine");
        Directory.CreateDirectory(unknown);
        await broker.StartAgainAsync();
        Assert.True(Directory.Exists(unknown));
    }
}
