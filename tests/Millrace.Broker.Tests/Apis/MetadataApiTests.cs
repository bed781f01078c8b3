using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Tests.Apis;

public sealed class MetadataApiTests
{
    [Fact]
    public async Task Unknown_topic_is_created_before_the_answer()
    {
        await using var broker = await TestBroker.StartAsync(o => o.DefaultPartitions = 3);
        using var client = await broker.ConnectAsync();
        var response = await AskAsync(client, 13, "events");
        var topic = Assert.Single(response.Topics);
        Assert.Equal(ErrorCode.None, topic.ErrorCode);
        Assert.NotEqual(Guid.Empty, topic.TopicId);
        Assert.Equal([0, 1, 2], topic.Partitions.Select(p => p.PartitionIndex));
        Assert.All(topic.Partitions, p => Assert.Equal((1, 0), (p.LeaderId, p.LeaderEpoch)));
        Assert.Equal(0, (await client.ProduceAsync("events", Batches.Of("a"), partition: 2)).BaseOffset);
    }

    [Fact]
    public async Task Controller_is_the_listed_broker_at_the_real_port()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var response = await AskAsync(client, 9);
        var node = Assert.Single(response.Brokers);
        Assert.Equal((response.ControllerId, "127.0.0.1", broker.Port), (node.NodeId, node.Host, node.Port));
        Assert.Equal(22, response.ClusterId!.Length);
    }

    [Fact]
    public async Task Topic_is_not_created_when_client_or_broker_does_not_want_it()
    {
        await using (var broker = await TestBroker.StartAsync())
        {
            using var client = await broker.ConnectAsync();
            Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await AskAsync(client, 13, mayCreate: false, "events")).Topics[0].ErrorCode);
        }

        await using var strict = await TestBroker.StartAsync(o => o.AutoCreateTopics = false);
        using var other = await strict.ConnectAsync();
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await AskAsync(other, 13, "events")).Topics[0].ErrorCode);
    }

    [Fact]
    public async Task Null_asks_for_all_topics_and_an_empty_list_for_none()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("a");
        await client.CreateTopicAsync("b");
        Assert.Equal(["a", "b"], (await client.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = null }, 12)).Topics.Select(t => t.Name));
        Assert.Empty((await client.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = [] }, 12)).Topics);
        Assert.Equal(2, (await client.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = [] }, 0)).Topics.Count);
    }

    [Fact]
    public async Task Topic_is_found_by_id()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var id = await client.CreateTopicAsync("a");
        var response = await client.CallAsync<MetadataRequest, MetadataResponse>(
            new() { Topics = [new() { Name = null, TopicId = id }, new() { Name = null, TopicId = Guid.NewGuid() }] }, 12);
        Assert.Equal("a", response.Topics[0].Name);
        Assert.Equal(ErrorCode.UnknownTopicId, response.Topics[1].ErrorCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("täglich")]
    public async Task Impossible_name_is_refused(string name)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        Assert.Equal(ErrorCode.InvalidTopicException, (await AskAsync(client, 13, name)).Topics[0].ErrorCode);
        Assert.Equal(ErrorCode.InvalidTopicException, (await AskAsync(client, 13, new string('x', 250))).Topics[0].ErrorCode);
        Assert.Equal(ErrorCode.None, (await AskAsync(client, 13, new string('x', 249))).Topics[0].ErrorCode);
    }

    [Fact]
    public async Task Bytes_behind_the_request_are_tolerated()
    {
        // librdkafka 2.16 writes a fixed-width 0 where the compact null array goes, which leaves three bytes behind.
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.SendBytesAsync(Convert.FromHexString("00000016" + "0003" + "000D" + "00000005" + "000161" + "00" + "00000000" + "00" + "010000" + "0000"));
        var frame = await client.ReceiveFrameAsync();
        Assert.NotNull(frame);
    }

    [Fact]
    public async Task Over_the_limit_of_partitions_nothing_is_created()
    {
        await using var broker = await TestBroker.StartAsync(o => o.MaxPartitions = 2);
        using var client = await broker.ConnectAsync();
        Assert.Equal(ErrorCode.PolicyViolation, (await AskAsync(client, 13, "a", "b", "c")).Topics[2].ErrorCode);
    }

    private static Task<MetadataResponse> AskAsync(WireClient client, short version, params string[] topics) =>
        AskAsync(client, version, mayCreate: true, topics);

    private static Task<MetadataResponse> AskAsync(WireClient client, short version, bool mayCreate, params string[] topics) =>
        client.CallAsync<MetadataRequest, MetadataResponse>(
            new() { Topics = [.. topics.Select(t => new MetadataRequest.MetadataRequestTopic { Name = t })], AllowAutoTopicCreation = mayCreate },
            version);
}
