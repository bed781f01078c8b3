namespace Millrace.Pipeline.Read;

/// <summary>One record of a partition, as Kafka gave it.</summary>
/// <param name="Offset">Its offset.</param>
/// <param name="TimestampMilliseconds">Epoch milliseconds; 0 when the record has none.</param>
/// <param name="LeaderEpoch">The epoch of the partition's leader; null when the broker did not say.</param>
/// <param name="Key">The key; null when there is none.</param>
/// <param name="Value">The value; null for a tombstone.</param>
internal readonly record struct LaneRecord(long Offset, long TimestampMilliseconds, int? LeaderEpoch, byte[]? Key, byte[]? Value)
{
    private static readonly long MaxMilliseconds = new DateTimeOffset(DateTime.MaxValue, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private static readonly long MinMilliseconds = new DateTimeOffset(DateTime.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>The record's timestamp; producers may set it to anything, so it is held within the years 1 to 9999.</summary>
    public DateTime Timestamp =>
        DateTime.UnixEpoch.AddTicks(Math.Clamp(TimestampMilliseconds, MinMilliseconds, MaxMilliseconds) * TimeSpan.TicksPerMillisecond);

    /// <summary>What it counts against the limits in bytes.</summary>
    public int Size => (Key?.Length ?? 0) + (Value?.Length ?? 0);
}
