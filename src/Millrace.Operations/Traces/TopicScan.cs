using Confluent.Kafka;

namespace Millrace.Operations.Traces;

/// <summary>Looks for events in what the pipeline has not read yet: from each partition's position to the end, within limits.</summary>
internal sealed class TopicScan(KafkaClients kafka, string topic, TimeProvider time)
{
    // Some seconds of reading at most: a person waits. Over it the answer says how far it got.
    public const int MaxRecords = 500_000;
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);

    /// <summary>A record that was found.</summary>
    public sealed record Hit(FoundEvent Event, int Partition, long Offset, DateTimeOffset Timestamp, long Ahead);

    /// <summary>What a scan came to: whether it reached the end of every partition, and how many records it read.</summary>
    public sealed record Result(IReadOnlyList<Hit> Hits, bool IsComplete, long Records, string? Trouble);

    /// <summary>Blocks until it is through, the limits are reached, or <paramref name="wanted"/> were found.</summary>
    /// <param name="positions">Where to begin, by partition; partitions that are not in it are read from their first record.</param>
    public Result Run(IReadOnlyDictionary<int, long> positions, EventMatch match, int wanted, CancellationToken cancellationToken)
    {
        try
        {
            using var consumer = kafka.Consumer();
            return Run(consumer, positions, match, wanted, cancellationToken);
        }
        catch (KafkaException e)
        {
            return new Result([], false, 0, kafka.Translate(e).Message);
        }
    }

    private Result Run(
        IConsumer<byte[]?, byte[]?> consumer, IReadOnlyDictionary<int, long> positions, EventMatch match, int wanted, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var open = Assign(consumer, positions);
        var hits = new List<Hit>();
        long records = 0;
        while (open.Count > 0 && hits.Count < wanted && records < MaxRecords && time.GetElapsedTime(started) < MaxTime)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (consumer.Consume(TimeSpan.FromSeconds(1)) is not { } result)
                continue;
            var partition = result.Partition.Value;
            if (result.IsPartitionEOF || result.Offset.Value >= open.GetValueOrDefault(partition).To)
            {
                open.Remove(partition);
                continue;
            }

            records++;
            if (match.Find(topic, result) is { } found)
                hits.Add(new Hit(found, partition, result.Offset.Value, new DateTimeOffset(result.Message.Timestamp.UtcDateTime, TimeSpan.Zero), result.Offset.Value - open[partition].From));
            if (result.Offset.Value + 1 >= open[partition].To)
                open.Remove(partition);
        }

        return new Result(hits, open.Count == 0, records, null);
    }

    /// <summary>The partitions that have anything to read, with where that begins and ends.</summary>
    private Dictionary<int, (long From, long To)> Assign(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyDictionary<int, long> positions)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var metadata = admin.GetMetadata(topic, KafkaClients.Limit).Topics.Single();
        if (metadata.Error.IsError)
            throw new KafkaException(metadata.Error);
        var open = new Dictionary<int, (long From, long To)>();
        foreach (var partition in metadata.Partitions.Select(partition => partition.PartitionId))
        {
            var log = consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), KafkaClients.Limit);
            var from = Math.Max(positions.GetValueOrDefault(partition), log.Low.Value);
            if (from < log.High.Value)
                open[partition] = (from, log.High.Value);
        }

        consumer.Assign(open.Select(partition => new TopicPartitionOffset(topic, partition.Key, partition.Value.From)));
        return open;
    }
}
