using Confluent.Kafka;

namespace Millrace.Bench;

/// <summary>The settings of the benchmark's own Kafka clients.</summary>
internal static class BenchClients
{
    /// <summary>For filling a topic: large batches.</summary>
    public static ProducerConfig Filler(string bootstrapServers)
    {
        var config = Create(bootstrapServers, lingerMs: 20);
        config.EnableIdempotence = true;
        return config;
    }

    /// <summary>
    /// For timing single events: they leave within a millisecond. Not idempotent, for then librdkafka allows five requests in flight, and while all five
    /// are out and more is due its thread spins, on the processor that is to be measured. What a retry doubles, the table has once.
    /// </summary>
    public static ProducerConfig Sender(string bootstrapServers) => Create(bootstrapServers, lingerMs: 1);

    private static ProducerConfig Create(string bootstrapServers, double lingerMs) => new()
    {
        BootstrapServers = bootstrapServers,
        ClientId = "millrace-bench",
        Acks = Acks.All,
        LingerMs = lingerMs,
        Partitioner = Partitioner.Murmur2Random,
        QueueBufferingMaxMessages = 200_000,
        AllowAutoCreateTopics = false,
    };
}
