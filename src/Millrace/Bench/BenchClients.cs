using Confluent.Kafka;

namespace Millrace.Bench;

/// <summary>The settings of the benchmark's own Kafka clients.</summary>
internal static class BenchClients
{
    private static readonly TimeSpan FlushStep = TimeSpan.FromMilliseconds(100);

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

    /// <summary>
    /// Waits until the handler of each of <paramref name="sent"/> messages has run. The client's own Flush is through a little earlier: it
    /// forgets a message before its handler has run on another thread.
    /// </summary>
    public static void FlushAll(IProducer<byte[], byte[]> producer, long sent, Func<long> answered, CancellationToken cancellationToken)
    {
        while (producer.Flush(FlushStep) > 0 || answered() < sent)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Thread.Yield();
        }
    }
}
