using Millrace.Protocol.Records;

namespace Millrace.Broker.Log;

/// <summary>A record found by time.</summary>
internal readonly record struct TimestampedOffset(long Timestamp, long Offset);

internal sealed partial class PartitionLog
{
    /// <summary>Whole batches from the one that holds the offset on; empty at the high watermark.</summary>
    /// <param name="offset">From <see cref="StartOffset"/> to <see cref="HighWatermark"/>.</param>
    /// <param name="maxBytes">Stop before this many.</param>
    /// <param name="atLeastOne">Give the first batch even if it is larger.</param>
    public FetchedRecords Read(long offset, int maxBytes, bool atLeastOne)
    {
        var end = HighWatermark;
        if (offset >= end || (maxBytes <= 0 && !atLeastOne))
            return default;

        try
        {
            return SegmentOf(offset).Read(offset, end, Math.Max(maxBytes, 0), atLeastOne);
        }
        catch (ObjectDisposedException) when (Status is LogStatus.Deleted)
        {
            return default;
        }
    }

    /// <summary>About how much there is to read from the offset on, at the most.</summary>
    public long EstimateBytes(long offset)
    {
        if (offset >= HighWatermark)
            return 0;
        var segment = SegmentOf(offset);
        return segment.FlushedLength - segment.Index.Floor(offset).Position;
    }

    /// <summary>The first record that is not older than the timestamp; null when all are older.</summary>
    public TimestampedOffset? FindByTimestamp(long timestamp)
    {
        try
        {
            return FindByTimestamp(timestamp, HighWatermark);
        }
        catch (ObjectDisposedException) when (Status is LogStatus.Deleted)
        {
            return null;
        }
    }

    /// <summary>The record with the newest timestamp, the first of them if there are several; null when there is none.</summary>
    public TimestampedOffset? FindMaxTimestamp() =>
        HighWatermark == StartOffset ? null : FindByTimestamp(Volatile.Read(ref _newestTimestamp));

    private TimestampedOffset? FindByTimestamp(long timestamp, long end)
    {
        foreach (var segment in _segments)
        {
            if (segment.MaxTimestamp < timestamp)
                continue;
            foreach (var (header, position) in segment.HeadersFrom(segment.Index.FloorByTimestamp(timestamp).Position, end))
            {
                if (header.MaxTimestamp >= timestamp && FindInBatch(segment, header, position, timestamp) is { } found)
                    return found;
            }
        }

        return null;
    }

    /// <summary>From the end, where most readers are.</summary>
    private LogSegment SegmentOf(long offset)
    {
        var segments = _segments;
        var i = segments.Length - 1;
        while (i > 0 && segments[i].BaseOffset > offset)
            i--;
        return segments[i];
    }

    private static TimestampedOffset? FindInBatch(LogSegment segment, RecordBatchHeader header, long position, long timestamp)
    {
        using var batch = segment.ReadBatch(header, position);
        return RecordTimes.FirstAtOrAfter(batch.Bytes, timestamp);
    }
}
