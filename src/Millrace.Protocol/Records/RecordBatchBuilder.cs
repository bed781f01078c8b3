using System.Buffers.Binary;
using System.Text;
using Millrace.Protocol.Records.Codecs;

namespace Millrace.Protocol.Records;

/// <summary>Builds one batch. The base timestamp is that of the first record, as Kafka's own builder has it.</summary>
internal sealed class RecordBatchBuilder : IDisposable
{
    private readonly PooledBufferWriter _records = new();
    private readonly PooledBufferWriter _record = new();
    private long _baseTimestamp;
    private long _maxTimestamp;
    private int _lastOffsetDelta = -1;
    private int _count;

    public long BaseOffset { get; init; }

    /// <summary>-1 until a broker stores the batch.</summary>
    public int PartitionLeaderEpoch { get; init; } = -1;

    public RecordBatchAttributes Attributes { get; init; }

    public long ProducerId { get; init; } = -1;

    public short ProducerEpoch { get; init; } = -1;

    public int BaseSequence { get; init; } = -1;

    /// <summary>Adds a record at the next offset.</summary>
    public void Append(
        long timestamp, ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, params IReadOnlyList<(string Key, ReadOnlyMemory<byte>? Value)> headers) =>
        AppendAt(_lastOffsetDelta + 1, timestamp, key, value, headers);

    /// <summary>Adds a record at a later offset than the next, as a compacted log has it.</summary>
    public void AppendAt(
        int offsetDelta,
        long timestamp,
        ReadOnlyMemory<byte>? key,
        ReadOnlyMemory<byte>? value,
        params IReadOnlyList<(string Key, ReadOnlyMemory<byte>? Value)> headers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(offsetDelta, _lastOffsetDelta);
        _baseTimestamp = _count == 0 ? timestamp : _baseTimestamp;
        _maxTimestamp = _count == 0 ? timestamp : long.Max(timestamp, _maxTimestamp);

        _record.Clear();
        _record.Append([0]); // attributes
        AppendVarint(_record, timestamp - _baseTimestamp);
        AppendVarint(_record, offsetDelta);
        AppendBytes(_record, key);
        AppendBytes(_record, value);
        AppendVarint(_record, headers.Count);
        foreach ((string headerKey, ReadOnlyMemory<byte>? headerValue) in headers)
        {
            AppendBytes(_record, Encoding.UTF8.GetBytes(headerKey));
            AppendBytes(_record, headerValue);
        }

        AppendVarint(_records, _record.WrittenCount);
        _records.Append(_record.WrittenSpan);
        _lastOffsetDelta = offsetDelta;
        _count++;
    }

    /// <summary>The whole batch, its checksum computed.</summary>
    /// <exception cref="InvalidOperationException">No record has been added: brokers refuse such a batch.</exception>
    public byte[] Build()
    {
        if (_count == 0)
        {
            throw new InvalidOperationException("A batch needs a record.");
        }

        using var batch = new PooledBufferWriter(RecordBatchHeader.Size + _records.WrittenCount);
        batch.GetSpan(RecordBatchHeader.Size);
        batch.Advance(RecordBatchHeader.Size);
        Compression.Compress(Attributes.Codec, _records.WrittenSpan, batch);

        Span<byte> bytes = batch.WrittenSpan;
        RecordBatchHeader.SetBaseOffset(bytes, BaseOffset);
        BinaryPrimitives.WriteInt32BigEndian(bytes[RecordBatchHeader.BatchLengthAt..], bytes.Length - RecordBatchHeader.LengthPrefixSize);
        RecordBatchHeader.SetPartitionLeaderEpoch(bytes, PartitionLeaderEpoch);
        bytes[RecordBatchHeader.MagicAt] = (byte)RecordBatchHeader.CurrentMagic;
        RecordBatchHeader.SetAttributes(bytes, Attributes);
        BinaryPrimitives.WriteInt32BigEndian(bytes[RecordBatchHeader.LastOffsetDeltaAt..], _lastOffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(bytes[RecordBatchHeader.BaseTimestampAt..], _baseTimestamp);
        RecordBatchHeader.SetMaxTimestamp(bytes, _maxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(bytes[RecordBatchHeader.ProducerIdAt..], ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(bytes[RecordBatchHeader.ProducerEpochAt..], ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(bytes[RecordBatchHeader.BaseSequenceAt..], BaseSequence);
        BinaryPrimitives.WriteInt32BigEndian(bytes[RecordBatchHeader.RecordCountAt..], _count);
        RecordBatchHeader.SetCrc(bytes);
        return bytes.ToArray();
    }

    /// <summary>
    /// A batch without records that stands where compaction has removed some: from an offset to the end of the last batch that it replaces, whose
    /// producer, times and attributes it keeps.
    /// </summary>
    public static byte[] BuildEmpty(in RecordBatchHeader last, long fromOffset)
    {
        var bytes = new byte[RecordBatchHeader.Size];
        RecordBatchHeader.SetBaseOffset(bytes, fromOffset);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(RecordBatchHeader.BatchLengthAt), bytes.Length - RecordBatchHeader.LengthPrefixSize);
        RecordBatchHeader.SetPartitionLeaderEpoch(bytes, last.PartitionLeaderEpoch);
        bytes[RecordBatchHeader.MagicAt] = (byte)RecordBatchHeader.CurrentMagic;
        RecordBatchHeader.SetAttributes(bytes, last.Attributes with { Codec = CompressionCodec.None });
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(RecordBatchHeader.LastOffsetDeltaAt), (int)(last.LastOffset - fromOffset));
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(RecordBatchHeader.BaseTimestampAt), last.BaseTimestamp);
        RecordBatchHeader.SetMaxTimestamp(bytes, last.MaxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(RecordBatchHeader.ProducerIdAt), last.ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(RecordBatchHeader.ProducerEpochAt), last.ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(RecordBatchHeader.BaseSequenceAt), last.BaseSequence);
        RecordBatchHeader.SetCrc(bytes);
        return bytes;
    }

    public void Dispose()
    {
        _records.Dispose();
        _record.Dispose();
    }

    private static void AppendVarint(PooledBufferWriter output, long value) =>
        output.Advance(Varint.WriteInt64(output.GetSpan(Varint.MaxSize64), value));

    private static void AppendBytes(PooledBufferWriter output, ReadOnlyMemory<byte>? value)
    {
        AppendVarint(output, value?.Length ?? -1);
        output.Append(value.GetValueOrDefault().Span);
    }
}
