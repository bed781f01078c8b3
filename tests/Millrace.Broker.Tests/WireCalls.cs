using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Tests;

/// <summary>The calls that most tests begin with.</summary>
internal static class WireCalls
{
    public const short LatestProduceByName = 12;
    public const short LatestFetchByName = 12;

    public static async Task<Guid> CreateTopicAsync(
        this WireClient client, string name, int partitions = 1, params (string Name, string Value)[] configs)
    {
        var response = await client.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(
            new CreateTopicsRequest
            {
                Topics =
                [
                    new()
                    {
                        Name = name,
                        NumPartitions = partitions,
                        ReplicationFactor = 1,
                        Configs = [.. configs.Select(c => new CreateTopicsRequest.CreatableTopicConfig { Name = c.Name, Value = c.Value })],
                    },
                ],
            },
            7);
        Assert.Equal(ErrorCode.None, response.Topics[0].ErrorCode);
        return response.Topics[0].TopicId;
    }

    public static ProduceRequest ProduceRequest(string topic, ReadOnlyMemory<byte>? batch, short acks = -1, int partition = 0) => new()
    {
        Acks = acks,
        TimeoutMs = 10_000,
        TopicData = [new() { Name = topic, PartitionData = [new() { Index = partition, Records = batch }] }],
    };

    public static async Task<ProduceResponse.PartitionProduceResponse> ProduceAsync(
        this WireClient client, string topic, ReadOnlyMemory<byte>? batch, short acks = -1, int partition = 0, short version = LatestProduceByName)
    {
        var response = await client.CallAsync<ProduceRequest, ProduceResponse>(ProduceRequest(topic, batch, acks, partition), version);
        return response.Responses[0].PartitionResponses[0];
    }

    public static FetchRequest FetchRequest(string topic, long offset, int maxWaitMs = 0, int minBytes = 1, int partition = 0) => new()
    {
        MaxWaitMs = maxWaitMs,
        MinBytes = minBytes,
        Topics = [new() { Topic = topic, Partitions = [new() { Partition = partition, FetchOffset = offset, PartitionMaxBytes = 1024 * 1024 }] }],
    };

    public static async Task<FetchResponse.PartitionData> FetchAsync(
        this WireClient client, string topic, long offset, int maxWaitMs = 0, int minBytes = 1, int partition = 0)
    {
        var request = FetchRequest(topic, offset, maxWaitMs, minBytes, partition);
        var response = await client.CallAsync<FetchRequest, FetchResponse>(request, LatestFetchByName);
        return response.Responses[0].Partitions[0];
    }

    /// <summary>Every value of a partition from its beginning, in order.</summary>
    public static async Task<List<string>> ReadAllAsync(this WireClient client, string topic, int partition = 0)
    {
        var values = new List<string>();
        while (true)
        {
            var data = await client.FetchAsync(topic, values.Count, partition: partition);
            Assert.Equal(ErrorCode.None, data.ErrorCode);
            if (data.Records!.Value.IsEmpty)
                return values;
            values.AddRange(Batches.Read(data.Records.Value).Select(r => r.Value));
        }
    }
}
