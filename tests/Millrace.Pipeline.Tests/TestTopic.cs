using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Millrace.Pipeline.Tests;

/// <summary>A topic of one test, deleted at its end.</summary>
public sealed class TestTopic(string bootstrapServers, string name) : IAsyncDisposable
{
    public string BootstrapServers => bootstrapServers;

    public string Name => name;

    /// <summary>A producer to this topic that loses nothing.</summary>
    public IProducer<byte[]?, byte[]?> Producer() =>
        new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            EnableIdempotence = true,
            LingerMs = 5,
            MessageMaxBytes = 16 * 1024 * 1024,
            QueueBufferingMaxMessages = 1_000_000,
            Partitioner = Partitioner.Murmur2Random,
        }).Build();

    /// <summary>Sends the values in order to one partition.</summary>
    public async Task SendAsync(int partition, params IEnumerable<string?> values)
    {
        using var producer = Producer();
        var sent = values
            .Select(value => producer.ProduceAsync(new TopicPartition(name, partition), new() { Value = value is null ? null : Encoding.UTF8.GetBytes(value) }))
            .ToList();
        await Task.WhenAll(sent);
    }

    /// <summary>What the group has committed, by partition.</summary>
    public async Task<Dictionary<int, long>> CommittedAsync(string groupId)
    {
        using var admin = Admin();
        var offsets = await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(groupId, null)]);
        return offsets[0].Partitions.Where(p => p.Topic == name).ToDictionary(p => p.Partition.Value, p => p.Offset.Value);
    }

    public async Task DeleteAsync()
    {
        using var admin = Admin();
        await admin.DeleteTopicsAsync([name]);
    }

    public async Task CreateAsync(int partitions)
    {
        using var admin = Admin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = 1 }]);
    }

    public async Task RaisePartitionsAsync(int partitions)
    {
        using var admin = Admin();
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = name, IncreaseTo = partitions }]);
    }

    public async Task DeleteRecordsAsync(int partition, long before)
    {
        using var admin = Admin();
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(name, partition, before)]);
    }

    public async ValueTask DisposeAsync() => await DeleteAsync();

    private IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
}
