using System.Collections.Immutable;

namespace Millrace.Pipeline;

/// <summary>The pipeline at one moment, counted since this process started unless said otherwise.</summary>
/// <param name="IsReady">Whether partitions are assigned and the last flush (if any) went through.</param>
/// <param name="Reason">Why it is not ready, in one sentence; null when it is.</param>
/// <param name="Stored">Rows inserted.</param>
/// <param name="Duplicates">Events left out because their <c>event_id</c> was there already.</param>
/// <param name="DeadLetters">Records that became dead letters.</param>
/// <param name="Parked">Events that wait for their user at this moment, in the partitions that this process owns.</param>
/// <param name="Flushes">Transactions committed.</param>
/// <param name="SlowFlushes">Those of them that took the slow path: ids that were there already, or rows that the database refused.</param>
/// <param name="SchemaWarnings">Events that were stored although the schemas in force do not take them.</param>
/// <param name="Lag">Records in the topic that are not committed to PostgreSQL yet, over all assigned partitions; -1 when unknown.</param>
/// <param name="Partitions">The partitions that this process owns, by number.</param>
public sealed record PipelineStatus(
    bool IsReady,
    string? Reason,
    long Stored,
    long Duplicates,
    long DeadLetters,
    long Parked,
    long Flushes,
    long SlowFlushes,
    long SchemaWarnings,
    long Lag,
    ImmutableArray<PartitionStatus> Partitions);

/// <summary>One owned partition.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="Epoch">The epoch under which this process writes.</param>
/// <param name="NextOffset">The first offset that is not committed to PostgreSQL, the broker's first one when nothing ever was; -1 when unknown.</param>
/// <param name="EndOffset">The broker's end offset as last seen; -1 when unknown.</param>
public sealed record PartitionStatus(int Partition, long Epoch, long NextOffset, long EndOffset)
{
    /// <summary>Records of the partition that are not committed to PostgreSQL yet; -1 when unknown.</summary>
    public long Lag => EndOffset < 0 || NextOffset < 0 ? -1 : Math.Max(0, EndOffset - NextOffset);

    internal static long TotalLag(ImmutableArray<PartitionStatus> partitions)
    {
        long total = 0;
        foreach (var partition in partitions)
        {
            if (partition.Lag < 0)
                return -1;
            total += partition.Lag;
        }

        return partitions.IsEmpty ? -1 : total;
    }
}
