namespace Millrace.Operations.Positions;

/// <summary>Where a partition stands.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="Epoch">The epoch of the last take-over; 0 when nobody ever took it over.</param>
/// <param name="NextOffset">Where reading goes on; null when nothing was committed yet.</param>
/// <param name="LogStart">The first offset that the broker has; null when there is no such partition.</param>
/// <param name="LogEnd">One past the last offset that the broker has; null when there is no such partition.</param>
/// <param name="Owner">The group member that took it over last; null when nobody ever did.</param>
/// <param name="UpdatedAt">When the position moved last; null when it never did.</param>
/// <param name="Condition">How the position stands to the log.</param>
/// <param name="Sentence">The condition in words, with what to do when something is wrong.</param>
public sealed record PartitionPosition(
    int Partition, long Epoch, long? NextOffset, long? LogStart, long? LogEnd, string? Owner, DateTimeOffset? UpdatedAt, PartitionCondition Condition, string Sentence)
{
    /// <summary>Records, at most, between the position and the end of the log; null when unknown.</summary>
    public long? Lag => LogEnd is { } end && LogStart is { } start ? Math.Max(0, end - (NextOffset ?? start)) : null;
}
