using Confluent.Kafka;
using Millrace.Operations.Positions;

namespace Millrace.Operations.Proof;

/// <summary>
/// Finds out why ranges are wider than their records. Transaction markers, aborted transactions and compaction leave offsets without a record; only the
/// log itself tells those from a record that was lost. A compaction since then can only have removed more, so fewer records than the ledger has are
/// no fault, and more are.
/// </summary>
internal sealed class WideRangeReader(KafkaClients kafka, string topic, bool deep)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <param name="ranges">Of one partition, ascending.</param>
    /// <param name="log">What the broker has; null when it does not say.</param>
    public WideRanges Read(int partition, IReadOnlyList<(long From, long To, long Records)> ranges, TopicLog? log, CancellationToken cancellationToken)
    {
        var offsets = ranges.Sum(range => range.To - range.From - range.Records);
        if (log is null || partition >= log.Partitions.Count)
            return new WideRanges { Offsets = offsets, Unread = offsets, Why = "the broker has no such log to compare with" };

        var start = log.Partitions[partition].Low.Value;
        var readable = ranges.Where(range => range.From >= start).ToList();
        var unread = readable.Sum(range => range.To - range.From - range.Records);
        var result = new WideRanges { Offsets = offsets, Gone = offsets - unread };
        if (readable.Count == 0)
            return result;
        return deep ? Count(partition, readable, result, cancellationToken)
            : result with { Unread = unread, Why = "transactions or compaction leave such gaps, but so would a lost record; verify deep, which reads the log" };
    }

    private WideRanges Count(int partition, List<(long From, long To, long Records)> ranges, WideRanges result, CancellationToken cancellationToken)
    {
        using var consumer = kafka.Consumer();
        long found = 0;
        long? wrongAt = null;
        foreach (var range in ranges)
        {
            var records = Count(consumer, new TopicPartitionOffset(topic, partition, range.From), range.To, cancellationToken);
            found += records;
            if (records > range.Records)
                wrongAt ??= range.From;
        }

        return result with { Found = found, Expected = ranges.Sum(range => range.Records), WrongAt = wrongAt };
    }

    private static long Count(IConsumer<byte[]?, byte[]?> consumer, TopicPartitionOffset from, long to, CancellationToken cancellationToken)
    {
        consumer.Assign(from);
        for (long records = 0; ; records++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = consumer.Consume(Limit) ?? throw new KafkaException(new Error(ErrorCode.Local_TimedOut, $"no record of partition {from.Partition.Value} came within {Limit.TotalSeconds} s"));
            if (result.IsPartitionEOF || result.Offset.Value >= to)
                return records;
        }
    }
}
