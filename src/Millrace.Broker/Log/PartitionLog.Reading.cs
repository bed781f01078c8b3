using Millrace.Protocol.Records;

namespace Millrace.Broker.Log;

/// <summary>A record found by time.</summary>
internal readonly record struct TimestampedOffset(long Timestamp, long Offset);

internal sealed partial class PartitionLog
{
    /// <summary>
    /// Whole batches from the one that holds the offset on; empty at the end. Where compaction has left only empty batches, what comes behind them:
    /// kafka-python and kafkajs do not step over an answer in which there is no record.
    /// </summary>
    /// <param name="offset">From <see cref="StartOffset"/> on.</param>
    /// <param name="end">The offset before which they begin: <see cref="HighWatermark"/> or <see cref="LastStableOffset"/>.</param>
    /// <param name="maxBytes">Stop before this many.</param>
    /// <param name="atLeastOne">Give the first batch even if it is larger.</param>
    public FetchedRecords Read(long offset, long end, int maxBytes, bool atLeastOne)
    {
        if (offset >= end || (maxBytes <= 0 && !atLeastOne))
            return default;

        try
        {
            var read = SegmentOf(offset).Read(offset, end, Math.Max(maxBytes, 0), atLeastOne);
            while (BehindEmpty(read.Bytes) is { } next && next < end)
            {
                read.Dispose();
                read = SegmentOf(next).Read(next, end, Math.Max(maxBytes, 0), atLeastOne);
            }

            return read;
        }
        catch (ObjectDisposedException)
        {
            // The segment was deleted, compacted or lost its topic in this moment: the next look finds what is there instead.
            return default;
        }
    }

    /// <summary>The aborted transactions that a reader of these offsets must leave out.</summary>
    public List<AbortedTransaction> AbortedBetween(long offset, long end) => _aborted.Between(offset, end);

    /// <summary>About how much there is to read from the offset on, at the most.</summary>
    public long EstimateBytes(long offset)
    {
        if (offset >= HighWatermark)
            return 0;
        var segment = SegmentOf(offset);
        return segment.ReadableLength - segment.Index.Floor(offset).Position;
    }

    /// <summary>The first record that is not older than the timestamp; null when all are older.</summary>
    public TimestampedOffset? FindByTimestamp(long timestamp)
    {
        try
        {
            return FindByTimestamp(timestamp, HighWatermark);
        }
        catch (ObjectDisposedException)
        {
            // As above; the client asks again when its answer turns out to be none.
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
                if (header.MaxTimestamp >= timestamp && header.LastOffset >= StartOffset && !header.Attributes.IsControl && FindInBatch(segment, header, position, timestamp) is { } found)
                    return found;
            }
        }

        return null;
    }

    /// <summary>The offset behind batches that are all empty; null when one has a record, or there is none.</summary>
    private static long? BehindEmpty(ReadOnlyMemory<byte> batches)
    {
        long? behind = null;
        while (RecordSet.TryTake(ref batches, out var batch) && RecordBatchHeader.TryRead(batch.Span, out var header))
        {
            if (header.RecordCount > 0)
                return null;
            behind = header.LastOffset + 1;
        }

        return behind;
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
        return batch.IsCorrupt ? null : RecordTimes.FirstAtOrAfter(batch.Bytes, timestamp);
    }
}
