using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Tests.Apis;

/// <summary>CreateTopics, DeleteTopics, DescribeConfigs, DescribeCluster.</summary>
public sealed class TopicApisTests
{
    [Fact]
    public async Task Created_topic_comes_with_id_and_settings_in_effect()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var result = await CreateAsync(client, new() { Name = "t", NumPartitions = 2, ReplicationFactor = -1, Configs = [new() { Name = "cleanup.policy", Value = "compact" }] });
        Assert.Equal((ErrorCode.None, 2, 1), (result.ErrorCode, result.NumPartitions, result.ReplicationFactor));
        Assert.NotEqual(Guid.Empty, result.TopicId);
        Assert.Equal("compact", result.Configs!.Single(c => c.Name == "cleanup.policy").Value);
        Assert.Equal("1048588", result.Configs!.Single(c => c.Name == "max.message.bytes").Value);
    }

    [Fact]
    public async Task Validation_creates_nothing()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        Assert.Equal(ErrorCode.None, (await CreateAsync(client, new() { Name = "t", NumPartitions = 2, ReplicationFactor = 1 }, validateOnly: true)).ErrorCode);
        Assert.Equal(ErrorCode.None, (await CreateAsync(client, new() { Name = "t", NumPartitions = 2, ReplicationFactor = 1 })).ErrorCode);
        Assert.Equal(ErrorCode.TopicAlreadyExists, (await CreateAsync(client, new() { Name = "t", NumPartitions = 2, ReplicationFactor = 1 }, validateOnly: true)).ErrorCode);
    }

    [Theory]
    [InlineData("bad/name", 1, 1, 17)]
    [InlineData("t", 0, 1, 37)]
    [InlineData("t", -2, 1, 37)]
    [InlineData("t", 5000, 1, 44)]
    [InlineData("t", 1, 3, 38)]
    public async Task Impossible_topic_is_refused_with_its_reason(string name, int partitions, short replicas, short error)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var result = await CreateAsync(client, new() { Name = name, NumPartitions = partitions, ReplicationFactor = replicas });
        Assert.Equal((ErrorCode)error, result.ErrorCode);
        Assert.NotEmpty(result.ErrorMessage!);
    }

    [Theory]
    [InlineData("no.such.setting", "1")]
    [InlineData("retention.ms", "-2")]
    [InlineData("flush.policy", "never")]
    [InlineData("segment.bytes", "12")]
    [InlineData("segment.bytes", "many")]
    [InlineData("cleanup.policy", "shred")]
    [InlineData("compression.type", "gzip")]
    public async Task Setting_that_would_do_nothing_is_refused(string name, string value)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var result = await CreateAsync(client, new() { Name = "t", NumPartitions = 1, ReplicationFactor = 1, Configs = [new() { Name = name, Value = value }] });
        Assert.Equal(ErrorCode.InvalidConfig, result.ErrorCode);
        Assert.Contains(name, result.ErrorMessage);
    }

    [Fact]
    public async Task Replicas_may_be_assigned_to_this_node_only()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        CreateTopicsRequest.CreatableTopic Assigned(string name, params (int Partition, int Node)[] replicas) => new()
        {
            Name = name,
            NumPartitions = -1,
            ReplicationFactor = -1,
            Assignments = [.. replicas.Select(r => new CreateTopicsRequest.CreatableReplicaAssignment { PartitionIndex = r.Partition, BrokerIds = [r.Node] })],
        };
        Assert.Equal(2, (await CreateAsync(client, Assigned("a", (1, 1), (0, 1)))).NumPartitions);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, (await CreateAsync(client, Assigned("b", (0, 2)))).ErrorCode);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, (await CreateAsync(client, Assigned("c", (0, 1), (2, 1)))).ErrorCode);
    }

    [Fact]
    public async Task Topic_twice_in_a_request_is_refused()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var response = await client.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(
            new() { Topics = [new() { Name = "t", NumPartitions = 1, ReplicationFactor = 1 }, new() { Name = "t", NumPartitions = 2, ReplicationFactor = 1 }] }, 5);
        Assert.Equal(ErrorCode.InvalidRequest, Assert.Single(response.Topics).ErrorCode);
    }

    [Fact]
    public async Task Deleted_topic_is_gone_with_its_records_and_offsets_and_comes_back_as_another()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var id = await client.CreateTopicAsync("t");
        await client.ProduceAsync("t", Batches.Of("a"));
        await GroupApisTests.CommitAsync(client, "g", "t", 1);
        var result = await DeleteAsync(client, new() { Name = null, TopicId = id });
        Assert.Equal((ErrorCode.None, "t"), (result.ErrorCode, result.Name));
        Assert.Empty(Directory.GetDirectories(Path.Combine(broker.Directory, "topics")));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await client.FetchAsync("t", 0)).ErrorCode);

        Assert.NotEqual(id, await client.CreateTopicAsync("t"));
        Assert.Empty(await client.ReadAllAsync("t"));
        Assert.Equal(-1, await GroupApisTests.CommittedAsync(client, "g", "t"));
    }

    [Fact]
    public async Task Deleting_what_is_not_there_is_told()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await DeleteAsync(client, new() { Name = "t" })).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicId, (await DeleteAsync(client, new() { TopicId = Guid.NewGuid() })).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, (await DeleteAsync(client, new() { Name = "t", TopicId = Guid.NewGuid() })).ErrorCode);
    }

    [Fact]
    public async Task Configs_of_topic_and_broker_are_those_in_effect_with_their_source()
    {
        await using var broker = await TestBroker.StartAsync(o => o.MaxMessageBytes = 5_000);
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t", 1, ("segment.bytes", "8192"));
        var response = await client.CallAsync<DescribeConfigsRequest, DescribeConfigsResponse>(
            new()
            {
                IncludeSynonyms = true,
                Resources =
                [
                    new() { ResourceType = 2, ResourceName = "t", ConfigurationKeys = null },
                    new() { ResourceType = 2, ResourceName = "t", ConfigurationKeys = ["segment.bytes"] },
                    new() { ResourceType = 4, ResourceName = "1", ConfigurationKeys = null },
                    new() { ResourceType = 4, ResourceName = "9", ConfigurationKeys = null },
                    new() { ResourceType = 2, ResourceName = "nowhere", ConfigurationKeys = null },
                    new() { ResourceType = 8, ResourceName = "1", ConfigurationKeys = null },
                ],
            },
            4);
        var topic = response.Results[0].Configs;
        Assert.Equal(("5000", 4), Value(topic, "max.message.bytes"));
        Assert.Equal(("8192", 1), Value(topic, "segment.bytes"));
        Assert.Equal(["8192", "134217728"], topic.Single(c => c.Name == "segment.bytes").Synonyms.Select(s => s.Value));
        Assert.Equal("segment.bytes", Assert.Single(response.Results[1].Configs).Name);
        Assert.Equal(("5000", 4), Value(response.Results[2].Configs, "message.max.bytes"));
        Assert.Equal(
            [ErrorCode.InvalidRequest, ErrorCode.UnknownTopicOrPartition, ErrorCode.InvalidRequest],
            response.Results[3..].Select(r => r.ErrorCode));
    }

    [Fact]
    public async Task Topics_own_limit_of_batch_size_is_the_one_that_counts()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("small", 1, ("max.message.bytes", "500"));
        Assert.Equal(ErrorCode.MessageTooLarge, (await client.ProduceAsync("small", Batches.Of(new string('x', 500)))).ErrorCode);
        Assert.Equal(ErrorCode.None, (await client.ProduceAsync("small", Batches.Of(new string('x', 400)))).ErrorCode);
    }

    [Fact]
    public async Task Cluster_is_one_node_and_has_no_controllers_of_its_own()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var response = await client.CallAsync<DescribeClusterRequest, DescribeClusterResponse>(new(), 2);
        Assert.Equal((1, broker.Port), (response.ControllerId, Assert.Single(response.Brokers).Port));
        var refused = await client.CallAsync<DescribeClusterRequest, DescribeClusterResponse>(new() { EndpointType = 2 }, 2);
        Assert.Equal(ErrorCode.MismatchedEndpointType, refused.ErrorCode);
    }

    private static (string?, int) Value(List<DescribeConfigsResponse.DescribeConfigsResourceResult> configs, string name)
    {
        var config = configs.Single(c => c.Name == name);
        return (config.Value, config.ConfigSource);
    }

    private static async Task<CreateTopicsResponse.CreatableTopicResult> CreateAsync(
        WireClient client, CreateTopicsRequest.CreatableTopic topic, bool validateOnly = false)
    {
        var response = await client.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(new() { Topics = [topic], ValidateOnly = validateOnly }, 7);
        return Assert.Single(response.Topics);
    }

    private static async Task<DeleteTopicsResponse.DeletableTopicResult> DeleteAsync(WireClient client, DeleteTopicsRequest.DeleteTopicState topic)
    {
        var response = await client.CallAsync<DeleteTopicsRequest, DeleteTopicsResponse>(new() { Topics = [topic] }, 6);
        return Assert.Single(response.Responses);
    }
}
