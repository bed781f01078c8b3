using Confluent.Kafka;

namespace Millrace.Bench;

/// <summary>The settings of the benchmark's own Kafka clients.</summary>
internal static class BenchClients
{
    public static ProducerConfig Producer(string bootstrapServers, double lingerMs) => new()
    {
        BootstrapServers = bootstrapServers,
        ClientId = "millrace-bench",
        EnableIdempotence = true,
        Acks = Acks.All,
        LingerMs = lingerMs,
        Partitioner = Partitioner.Murmur2Random,
        QueueBufferingMaxMessages = 200_000,
        AllowAutoCreateTopics = false,
    };
}
