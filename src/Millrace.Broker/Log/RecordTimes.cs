using Millrace.Protocol.Records;

namespace Millrace.Broker.Log;

/// <summary>Looks for a record by its time inside a batch.</summary>
internal static class RecordTimes
{
    public static TimestampedOffset? FirstAtOrAfter(ReadOnlyMemory<byte> batch, in RecordBatchHeader header, long timestamp)
    {
        return new TimestampedOffset(header.MaxTimestamp, header.BaseOffset);
    }
}
