namespace Millrace.Broker.Log;

/// <summary>How the partitions of a topic keep their records.</summary>
internal sealed record LogSettings
{
    /// <summary>A segment is complete when the next batch would make it larger.</summary>
    public required int SegmentBytes { get; init; }

    /// <summary>Idempotent producers remembered in a partition.</summary>
    public required int MaxProducers { get; init; }

    /// <summary>Records get the time at which they are appended instead of the producer's.</summary>
    public required bool UsesLogAppendTime { get; init; }
}
