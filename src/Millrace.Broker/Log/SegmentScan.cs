using Millrace.Protocol.Records;

namespace Millrace.Broker.Log;

/// <summary>Why a scan stopped before the end of the file.</summary>
internal enum ScanStop
{
    EndOfFile,

    /// <summary>The last batch is not whole: the write was cut off.</summary>
    TornBatch,

    /// <summary>The checksum is wrong, or what is there is no batch of this log.</summary>
    Corrupt,
}

/// <summary>Reads a segment, from its beginning or from what is known of it on, as long as everything in it is right.</summary>
internal static class SegmentScan
{
    /// <summary>Long enough to keep the disk busy, short enough not to matter.</summary>
    private const int ReadSize = 1024 * 1024;

    public static (SegmentContents Contents, ScanStop Stop) Run(
        string path, SegmentContents known, ProducerStates producers, AbortedTransactions aborted)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, FileOptions.SequentialScan);
        // Nobody knows when the batches came, and a producer is better remembered a day too long.
        DateTimeOffset lastSeen = File.GetLastWriteTimeUtc(path);
        var (index, position, nextOffset, maxTimestamp) = known;
        var fileLength = RandomAccess.GetLength(file);
        var window = new FileWindow(file, ReadSize);

        while (position < fileLength)
        {
            var left = fileLength - position;
            if (left < RecordBatchHeader.Size)
                return Stopped(ScanStop.TornBatch);
            if (!RecordBatchHeader.TryRead(window.Read(position, RecordBatchHeader.Size).Span, out var header)
                || header.Magic != RecordBatchHeader.CurrentMagic || header.BaseOffset != nextOffset || header.LastOffsetDelta < 0)
                return Stopped(ScanStop.Corrupt);
            if (header.TotalSize > left)
                return Stopped(ScanStop.TornBatch);
            if (!RecordBatchHeader.CrcIsValid(window.Read(position, (int)header.TotalSize).Span))
                return Stopped(ScanStop.Corrupt);

            index.Offer(new IndexEntry(header.BaseOffset, (int)position, maxTimestamp));
            // What compaction has emptied has no sequence numbers any more.
            if (!header.Attributes.IsControl && header.RecordCount > 0)
                producers.Record(header, header.BaseOffset, lastSeen);
            else if (header.Attributes.IsControl && producers.RecordMarker(header, lastSeen) is { } start
                && ControlMarker.IsAbort(window.Read(position, (int)header.TotalSize).ToArray()))
                aborted.Add(new AbortedTransaction(header.ProducerId, start, header.BaseOffset));
            position += header.TotalSize;
            nextOffset = header.LastOffset + 1;
            maxTimestamp = Math.Max(maxTimestamp, header.MaxTimestamp);
        }

        return Stopped(ScanStop.EndOfFile);

        (SegmentContents, ScanStop) Stopped(ScanStop stop) => (new SegmentContents(index, position, nextOffset, maxTimestamp), stop);
    }
}
