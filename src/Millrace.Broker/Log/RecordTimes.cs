using Millrace.Protocol;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Log;

/// <summary>Looks for a record by its time inside a batch: the only place where the broker opens one.</summary>
internal static class RecordTimes
{
    /// <summary>More than any sane batch unpacks to; a batch that is made to unpack to more cannot take the memory.</summary>
    private const int MaxUnpackedBytes = 64 * 1024 * 1024;

    public static TimestampedOffset? FirstAtOrAfter(ReadOnlyMemory<byte> batch, long timestamp)
    {
        try
        {
            using var reader = new RecordReader(batch, MaxUnpackedBytes);
            while (reader.TryRead(out var record))
            {
                if (record.Timestamp >= timestamp)
                    return new TimestampedOffset(record.Timestamp, record.Offset);
            }

            return null;
        }
        catch (WireFormatException)
        {
            // Batches are stored as they come, so one may not unpack. Its beginning is the best answer that its header gives.
            return RecordBatchHeader.TryRead(batch.Span, out var header) ? new TimestampedOffset(header.MaxTimestamp, header.BaseOffset) : null;
        }
    }
}
