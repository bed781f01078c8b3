using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Millrace.Broker.Benchmarks;

/// <summary>The clients of all measurements: librdkafka's defaults except where it is said.</summary>
internal static class Clients
{
    public const int Partitions = 3;

    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(30);

    /// <summary>acks=all, not idempotent: an idempotent librdkafka with a short linger keeps a core busy, and that would be measured.</summary>
    public static IProducer<Null, byte[]> Producer(string bootstrapServers, Action<ProducerConfig> configure)
    {
        var config = new ProducerConfig { BootstrapServers = bootstrapServers, Acks = Acks.All };
        configure(config);
        return new ProducerBuilder<Null, byte[]>(config).Build();
    }

    /// <summary>
    /// Without a report for each record: on two cores the reports of the .NET client cost several times what either broker does. Whoever
    /// uses it flushes, and looks afterwards whether everything is there.
    /// </summary>
    public static IProducer<Null, byte[]> BulkProducer(string bootstrapServers) => Producer(bootstrapServers, c => c.EnableDeliveryReports = false);

    /// <summary>The records of the topic, as the broker says.</summary>
    public static long CountRecords(string bootstrapServers, string topic)
    {
        using var consumer = Consumer(bootstrapServers, topic);
        return Enumerable.Range(0, Partitions).Sum(p => consumer.QueryWatermarkOffsets(new TopicPartition(topic, p), QueryLimit).High.Value);
    }

    /// <summary>A consumer of all partitions from the start of the topic, without a group to join.</summary>
    public static IConsumer<Ignore, byte[]> Consumer(string bootstrapServers, string topic)
    {
        var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = "benchmark",
            EnableAutoCommit = false,
            // A client whose queue is full looks again after a second by default: as long as it takes to read everything.
            FetchQueueBackoffMs = 5,
        }).Build();
        consumer.Assign(Enumerable.Range(0, Partitions).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning)));
        return consumer;
    }

    /// <summary>Makes the topic, and returns when the broker has written to each of its partitions.</summary>
    public static async Task CreateTopicAsync(string bootstrapServers, string topic, IReadOnlyDictionary<string, string> configs)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = Partitions, ReplicationFactor = 1, Configs = new(configs) }]).ConfigureAwait(false);
        using var producer = Producer(bootstrapServers, _ => { });
        for (var partition = 0; partition < Partitions; partition++)
            await producer.ProduceAsync(new TopicPartition(topic, partition), new Message<Null, byte[]> { Value = [] }).ConfigureAwait(false);
    }

    public static async Task DeleteTopicAsync(string bootstrapServers, string topic)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
        await admin.DeleteTopicsAsync([topic]).ConfigureAwait(false);
    }

    /// <summary>A value of so many bytes that does not compress to nothing.</summary>
    public static byte[] Value(int size)
    {
        var value = new byte[size];
        new Random(1).NextBytes(value);
        return value;
    }
}
