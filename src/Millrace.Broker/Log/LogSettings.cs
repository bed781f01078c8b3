namespace Millrace.Broker.Log;

/// <summary>How the partitions of a topic keep their records. Can be replaced while the log is in use.</summary>
internal sealed record LogSettings
{
    /// <summary>A segment is complete when the next batch would make it larger.</summary>
    public required int SegmentBytes { get; init; }

    /// <summary>A segment is complete when its first batch is as old as this.</summary>
    public TimeSpan SegmentAge { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>Idempotent producers remembered in a partition.</summary>
    public required int MaxProducers { get; init; }

    /// <summary>Records get the time at which they are appended instead of the producer's.</summary>
    public required bool UsesLogAppendTime { get; init; }

    /// <summary>Whether old segments are deleted, by the two limits that follow.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>Segments whose newest record is older are deleted; infinite: none is for its age.</summary>
    public TimeSpan Retention { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The oldest segments are deleted as long as what is left has at least this many bytes; -1: none is for its size.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary>Whether of several records with the same key only the newest is kept.</summary>
    public bool IsCompacted { get; init; }

    /// <summary>How long a compacted topic keeps a record without a value, so that readers can learn of the deletion.</summary>
    public TimeSpan DeleteRetention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Whether acks=all is answered, and records are readable, only after an fsync.</summary>
    public bool FlushesBeforeAnswer { get; init; } = true;
}
