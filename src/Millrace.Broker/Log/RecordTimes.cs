using Millrace.Protocol;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Log;

/// <summary>Looks for a record by its time inside a batch.</summary>
internal static class RecordTimes
{
    public static TimestampedOffset? FirstAtOrAfter(ReadOnlyMemory<byte> batch, long timestamp)
    {
        try
        {
            using var reader = new RecordReader(batch, UnpackedBatch.MaxBytes);
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
