using Confluent.Kafka;
using Millrace.Commands.Generate;

namespace Millrace.Bench;

/// <summary>A topic filled with events before the clock starts, and what was put where.</summary>
internal sealed class PreloadedTopic
{
    private readonly List<byte[]>[] _payloads;

    private PreloadedTopic(int partitions) => _payloads = [.. Enumerable.Range(0, partitions).Select(_ => new List<byte[]>())];

    public int Partitions => _payloads.Length;

    public long Count => _payloads.Sum(partition => (long)partition.Count);

    public byte[] Payload(int partition, long offset) => _payloads[partition][(int)offset];

    /// <summary>Sends the events in order and returns when the broker has acknowledged every one.</summary>
    public static PreloadedTopic Fill(
        string bootstrapServers, string topic, int partitions, IEnumerable<GeneratedEvent> events, CancellationToken cancellationToken)
    {
        var preloaded = new PreloadedTopic(partitions);
        Error? failure = null;
        using var producer = new ProducerBuilder<byte[], byte[]>(BenchClients.Producer(bootstrapServers, lingerMs: 20)).Build();

        // Runs on the producer's one delivery thread, in order of offset within a partition.
        void OnDelivered(DeliveryReport<byte[], byte[]> report)
        {
            if (report.Error.IsError)
            {
                failure ??= report.Error;
                return;
            }

            var payloads = preloaded._payloads[report.Partition.Value];
            if (report.Offset.Value != payloads.Count)
            {
                failure ??= new Error(ErrorCode.Local_Inconsistent, $"offset {report.Offset} where {payloads.Count} was due");
            }

            payloads.Add(report.Message.Value);
        }

        foreach (var sent in events)
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (!TryProduce(producer, topic, sent, OnDelivered))
            {
                producer.Poll(TimeSpan.FromMilliseconds(10));
            }
        }

        producer.Flush(cancellationToken);
        return failure is null
            ? preloaded
            : throw new BenchFailedException($"The events could not be preloaded: {failure.Reason}.");
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
