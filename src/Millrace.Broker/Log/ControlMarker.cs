using System.Buffers.Binary;
using Millrace.Protocol;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Log;

/// <summary>
/// The end of a transaction in a partition: a control batch of one record, which takes an offset and which consumers step over.
/// <c>key: version int16 = 0 | type int16 (0 abort, 1 commit)</c>, <c>value: version int16 = 0 | coordinatorEpoch int32</c>.
/// https://kafka.apache.org/documentation/#controlbatch
/// </summary>
internal static class ControlMarker
{
    private const short Abort = 0;
    private const short Commit = 1;
    private const int KeyLength = 4;

    /// <summary>There is one coordinator, and it never moves.</summary>
    private const int CoordinatorEpoch = 0;

    public static byte[] Build(long producerId, short epoch, bool isCommit, DateTimeOffset now)
    {
        using var builder = new RecordBatchBuilder
        {
            ProducerId = producerId,
            ProducerEpoch = epoch,
            BaseSequence = -1,
            Attributes = default(RecordBatchAttributes) with { IsControl = true, IsTransactional = true },
        };
        var key = new byte[KeyLength];
        BinaryPrimitives.WriteInt16BigEndian(key.AsSpan(2), isCommit ? Commit : Abort);
        var value = new byte[sizeof(short) + sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(2), CoordinatorEpoch);
        builder.Append(now.ToUnixTimeMilliseconds(), key, value);
        return builder.Build();
    }

    /// <summary>Whether the control batch ends a transaction without its records; false for a commit and for markers of other kinds.</summary>
    public static bool IsAbort(ReadOnlyMemory<byte> batch)
    {
        try
        {
            using var reader = new RecordReader(batch, batch.Length);
            return reader.TryRead(out var record)
                && record.Key is { Length: >= KeyLength } key && BinaryPrimitives.ReadInt16BigEndian(key.Span[2..]) == Abort;
        }
        catch (WireFormatException)
        {
            // Its checksum was right, so it is a marker of a kind that nobody here writes.
            return false;
        }
    }
}
