using Millrace.Broker.Log;
using Millrace.Broker.Topics;
using Millrace.Protocol;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Apis;

/// <summary>Why a batch is not taken.</summary>
internal readonly record struct BatchRefusal(ErrorCode Error, string? Message)
{
    public static readonly BatchRefusal None = new(ErrorCode.None, null);
}

/// <summary>
/// What the leader checks before it appends (Kafka: <c>UnifiedLog.append</c>, <c>ProduceRequest.validateRecords</c>): exactly one
/// batch of format 2, whole, with its checksum right and its numbers consistent. Runs on the connection's thread, so that the
/// log writer does nothing but write.
/// </summary>
internal static class BatchCheck
{
    private const short ZstdFrom = 7;

    public static BatchRefusal Run(ReadOnlyMemory<byte>? records, short version, TopicConfig config, out RecordBatchHeader header)
    {
        header = default;
        if (records is not { IsEmpty: false } batch)
            return Invalid("There is no record batch.");
        if (batch.Length > RecordBatchHeader.Size && batch.Span[RecordBatchHeader.MagicAt] < RecordBatchHeader.CurrentMagic)
            return Invalid("Message formats 0 and 1 are not taken from Produce version 3 on.");
        if (!RecordBatchHeader.TryRead(batch.Span, out header) || header.TotalSize > batch.Length)
            return new BatchRefusal(ErrorCode.CorruptMessage, "The record batch is cut off.");
        if (header.Magic != RecordBatchHeader.CurrentMagic)
            return Invalid($"There is no message format {header.Magic}.");
        if (header.TotalSize < batch.Length)
            return Invalid("There is more than one record batch.");
        if (batch.Length > config.MaxMessageBytes)
            return new BatchRefusal(ErrorCode.MessageTooLarge, $"The batch has {batch.Length} bytes, the topic takes {config.MaxMessageBytes}.");
        if (batch.Length > config.SegmentBytes)
            return new BatchRefusal(ErrorCode.RecordListTooLarge, $"The batch has {batch.Length} bytes, a segment {config.SegmentBytes}.");
        if (!RecordBatchHeader.CrcIsValid(batch.Span))
            return new BatchRefusal(ErrorCode.CorruptMessage, "The checksum is wrong.");
        var refusal = CheckFields(header, version);
        return refusal.Error is ErrorCode.None && config.IsCompacted ? CheckKeys(batch) : refusal;
    }

    /// <summary>What has no key cannot be compacted: nobody could say which record replaces which.</summary>
    private static BatchRefusal CheckKeys(ReadOnlyMemory<byte> batch)
    {
        try
        {
            using var reader = new RecordReader(batch, UnpackedBatch.MaxBytes);
            while (reader.TryRead(out var record))
            {
                if (record.Key is null)
                    return Invalid("The topic is compacted, and a record has no key.");
            }

            return BatchRefusal.None;
        }
        catch (WireFormatException e)
        {
            return new BatchRefusal(ErrorCode.CorruptMessage, e.Message);
        }
    }

    private static BatchRefusal CheckFields(in RecordBatchHeader header, short version)
    {
        if (header.BaseOffset != 0)
            return Invalid("The base offset is not 0.");
        if (header.RecordCount <= 0 || header.LastOffsetDelta != header.RecordCount - 1)
            return Invalid("The number of records and the last offset do not agree.");
        if (header.Attributes.IsControl)
            return Invalid("Control batches are the broker's own.");
        if (header.ProducerId >= 0 && (header.BaseSequence < 0 || header.ProducerEpoch < 0))
            return Invalid("An idempotent batch has no sequence number or epoch.");
        if (header.Attributes.IsTransactional && header.ProducerId < 0)
            return Invalid("A transactional batch has no producer id.");
        if (header.Attributes.Codec is < CompressionCodec.None or > CompressionCodec.Zstd)
            return new BatchRefusal(ErrorCode.UnsupportedCompressionType, $"There is no codec {(int)header.Attributes.Codec}.");
        if (header.Attributes.Codec is CompressionCodec.Zstd && version < ZstdFrom)
            return new BatchRefusal(ErrorCode.UnsupportedCompressionType, $"zstd needs Produce version {ZstdFrom}.");
        return BatchRefusal.None;
    }

    private static BatchRefusal Invalid(string message) => new(ErrorCode.InvalidRecord, message);
}
