using Confluent.Kafka;
using Millrace.Commands.Generate;
using Millrace.Commands.Produce;

namespace Millrace.Bench;

/// <summary>
/// A topic filled with events before the clock starts. It keeps no copy of them: the process is measured, and must not hold what a
/// pipeline would not.
/// </summary>
/// <param name="Counts">How many events each partition got.</param>
internal sealed record PreloadedTopic(string BootstrapServers, string Name, IReadOnlyList<int> Counts)
{
    private static readonly TimeSpan PollLimit = TimeSpan.FromSeconds(30);

    public int Partitions => Counts.Count;

    public long Count => Counts.Sum(count => (long)count);

    /// <summary>Sends the events in order and returns when the broker has acknowledged every one.</summary>
    public static PreloadedTopic Fill(
        string bootstrapServers, string topic, int partitions, IEnumerable<GeneratedEvent> events, CancellationToken cancellationToken)
    {
        var counts = new int[partitions];
        Error? failure = null;
        long sent = 0, answered = 0;
        using var producer = new ProducerBuilder<byte[], byte[]>(BenchClients.Filler(bootstrapServers)).Build();

        // Runs on the producer's own thread and, where the queue was full, on the sender's as well: both call back while they poll.
        void OnDelivered(DeliveryReport<byte[], byte[]> report)
        {
            if (report.Error.IsError)
            {
                Volatile.Write(ref failure, report.Error);
            }
            else
            {
                Interlocked.Increment(ref counts[report.Partition.Value]);
            }

            Interlocked.Increment(ref answered);
        }

        foreach (var next in events)
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (!TryProduce(producer, topic, next, OnDelivered))
            {
                producer.Poll(TimeSpan.FromMilliseconds(10));
            }

            sent++;
        }

        producer.FlushHandlers(() => Interlocked.Read(ref answered) == sent, cancellationToken);
        return failure is null
            ? new PreloadedTopic(bootstrapServers, topic, counts)
            : throw new BenchFailedException($"The events could not be preloaded: {failure.Reason}.");
    }

    /// <summary>The values as they stand in Kafka, by partition and offset.</summary>
    public byte[][][] ReadValues(CancellationToken cancellationToken)
    {
        var values = Counts.Select(count => new byte[count][]).ToArray();
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = BootstrapServers,
            GroupId = $"{Name}-values",
            EnableAutoCommit = false,
        }).Build();
        consumer.Assign(Enumerable.Range(0, Partitions).Select(partition => new TopicPartitionOffset(Name, partition, 0)));
        for (var read = 0L; read < Count; read++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = consumer.Consume(PollLimit)
                ?? throw new BenchFailedException($"Only {read} of {Count} events could be read back for the bare COPY.");
            values[result.Partition.Value][result.Offset.Value] = result.Message.Value;
        }

        return values;
    }

    private static bool TryProduce(
        IProducer<byte[], byte[]> producer, string topic, GeneratedEvent sent, Action<DeliveryReport<byte[], byte[]>> onDelivered)
    {
        try
        {
            producer.Produce(topic, new Message<byte[], byte[]> { Key = sent.Key, Value = sent.Value }, onDelivered);
            return true;
        }
        catch (ProduceException<byte[], byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }
}
