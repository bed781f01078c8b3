namespace Millrace.Pipeline.Read;

/// <summary>One record of a partition, as Kafka gave it; its bytes belong to the <see cref="RecordBuffer"/> it stands in.</summary>
internal readonly ref struct Record
{
    private static readonly long MinMilliseconds = new DateTimeOffset(DateTime.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private static readonly long MaxMilliseconds = new DateTimeOffset(DateTime.MaxValue, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public required long Offset { get; init; }

    /// <summary>Epoch milliseconds; 0 when the record has none.</summary>
    public required long TimestampMilliseconds { get; init; }

    /// <summary>The epoch of the partition's leader; null when the broker did not say.</summary>
    public required int? LeaderEpoch { get; init; }

    public required bool HasKey { get; init; }

    public required ReadOnlySpan<byte> Key { get; init; }

    /// <summary>False for a tombstone.</summary>
    public required bool HasValue { get; init; }

    public required ReadOnlySpan<byte> Value { get; init; }

    /// <summary>As <see cref="RecordHeaders"/> encodes them; empty when there are none.</summary>
    public required ReadOnlySpan<byte> Headers { get; init; }

    /// <summary>A copy of the key; null when there is none.</summary>
    public byte[]? KeyToArray() => HasKey ? Key.ToArray() : null;

    /// <summary>The record's timestamp in UTC; producers may set it to anything, so it is held within the years 1 to 9999.</summary>
    public DateTime Timestamp =>
        DateTime.UnixEpoch.AddTicks(Math.Clamp(TimestampMilliseconds, MinMilliseconds, MaxMilliseconds) * TimeSpan.TicksPerMillisecond);
}
