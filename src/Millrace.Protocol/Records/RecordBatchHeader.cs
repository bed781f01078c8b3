using System.Buffers.Binary;

namespace Millrace.Protocol.Records;

/// <summary>
/// The 61 bytes before the records of a batch (magic 2), big-endian:
/// <code>
/// baseOffset int64 | batchLength int32 | partitionLeaderEpoch int32 | magic int8 | crc uint32 | attributes int16 |
/// lastOffsetDelta int32 | baseTimestamp int64 | maxTimestamp int64 | producerId int64 | producerEpoch int16 |
/// baseSequence int32 | recordCount int32
/// </code>
/// The length counts what follows it; the checksum covers everything from the attributes on, so the broker may set offset and
/// leader epoch without touching it. https://kafka.apache.org/documentation/#recordbatch
/// </summary>
internal readonly struct RecordBatchHeader
{
    public const int Size = 61;

    /// <summary>Offset and length: what is not counted by the length.</summary>
    public const int LengthPrefixSize = 12;

    public const sbyte CurrentMagic = 2;

    internal const int BaseOffsetAt = 0;
    internal const int BatchLengthAt = 8;
    internal const int PartitionLeaderEpochAt = 12;
    internal const int MagicAt = 16;
    internal const int CrcAt = 17;
    internal const int AttributesAt = 21;
    internal const int LastOffsetDeltaAt = 23;
    internal const int BaseTimestampAt = 27;
    internal const int MaxTimestampAt = 35;
    internal const int ProducerIdAt = 43;
    internal const int ProducerEpochAt = 51;
    internal const int BaseSequenceAt = 53;
    internal const int RecordCountAt = 57;

    public long BaseOffset { get; private init; }

    /// <summary>The bytes after the length field. Not checked against what the caller has: see <see cref="TotalSize"/>.</summary>
    public int BatchLength { get; private init; }

    public int PartitionLeaderEpoch { get; private init; }

    /// <summary>0 and 1 are the message formats before Kafka 0.11, which lie differently after this byte.</summary>
    public sbyte Magic { get; private init; }

    public uint Crc { get; private init; }

    public RecordBatchAttributes Attributes { get; private init; }

    public int LastOffsetDelta { get; private init; }

    /// <summary>Milliseconds since 1970 of the first record; the time of deletion where <see cref="RecordBatchAttributes.HasDeleteHorizon"/>.</summary>
    public long BaseTimestamp { get; private init; }

    public long MaxTimestamp { get; private init; }

    /// <summary>-1 when the producer is neither idempotent nor transactional.</summary>
    public long ProducerId { get; private init; }

    public short ProducerEpoch { get; private init; }

    public int BaseSequence { get; private init; }

    public int RecordCount { get; private init; }

    public long LastOffset => BaseOffset + LastOffsetDelta;

    /// <summary>The bytes of the whole batch; a long, because a length that lies may be the largest there is.</summary>
    public long TotalSize => (long)BatchLength + LengthPrefixSize;

    /// <summary>
    /// False when fewer than 61 bytes are there, or when the length is too small for a batch of this format. The caller decides
    /// about everything else, <see cref="Magic"/> first.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RecordBatchHeader header)
    {
        if (bytes.Length < Size)
        {
            header = default;
            return false;
        }

        header = new RecordBatchHeader
        {
            BaseOffset = BinaryPrimitives.ReadInt64BigEndian(bytes[BaseOffsetAt..]),
            BatchLength = BinaryPrimitives.ReadInt32BigEndian(bytes[BatchLengthAt..]),
            PartitionLeaderEpoch = BinaryPrimitives.ReadInt32BigEndian(bytes[PartitionLeaderEpochAt..]),
            Magic = (sbyte)bytes[MagicAt],
            Crc = BinaryPrimitives.ReadUInt32BigEndian(bytes[CrcAt..]),
            Attributes = new RecordBatchAttributes(BinaryPrimitives.ReadInt16BigEndian(bytes[AttributesAt..])),
            LastOffsetDelta = BinaryPrimitives.ReadInt32BigEndian(bytes[LastOffsetDeltaAt..]),
            BaseTimestamp = BinaryPrimitives.ReadInt64BigEndian(bytes[BaseTimestampAt..]),
            MaxTimestamp = BinaryPrimitives.ReadInt64BigEndian(bytes[MaxTimestampAt..]),
            ProducerId = BinaryPrimitives.ReadInt64BigEndian(bytes[ProducerIdAt..]),
            ProducerEpoch = BinaryPrimitives.ReadInt16BigEndian(bytes[ProducerEpochAt..]),
            BaseSequence = BinaryPrimitives.ReadInt32BigEndian(bytes[BaseSequenceAt..]),
            RecordCount = BinaryPrimitives.ReadInt32BigEndian(bytes[RecordCountAt..]),
        };
        return header.BatchLength >= Size - LengthPrefixSize;
    }

    /// <param name="batch">The whole batch and nothing after it.</param>
    public static uint ComputeCrc(ReadOnlySpan<byte> batch) => Crc32C.Compute(batch[AttributesAt..]);

    /// <param name="batch">The whole batch and nothing after it.</param>
    public static bool CrcIsValid(ReadOnlySpan<byte> batch) =>
        batch.Length >= Size && ComputeCrc(batch) == BinaryPrimitives.ReadUInt32BigEndian(batch[CrcAt..]);

    /// <summary>Sets the offset of the first record; the checksum stays valid.</summary>
    public static void SetBaseOffset(Span<byte> batch, long offset) =>
        BinaryPrimitives.WriteInt64BigEndian(batch[BaseOffsetAt..], offset);

    /// <summary>Sets the leader epoch; the checksum stays valid.</summary>
    public static void SetPartitionLeaderEpoch(Span<byte> batch, int epoch) =>
        BinaryPrimitives.WriteInt32BigEndian(batch[PartitionLeaderEpochAt..], epoch);

    /// <summary>Sets the newest timestamp; <see cref="SetCrc"/> must follow.</summary>
    public static void SetMaxTimestamp(Span<byte> batch, long timestamp) =>
        BinaryPrimitives.WriteInt64BigEndian(batch[MaxTimestampAt..], timestamp);

    /// <summary>Sets the attributes; <see cref="SetCrc"/> must follow.</summary>
    public static void SetAttributes(Span<byte> batch, RecordBatchAttributes attributes) =>
        BinaryPrimitives.WriteInt16BigEndian(batch[AttributesAt..], attributes.Bits);

    /// <summary>Computes and sets the checksum of a whole batch.</summary>
    public static void SetCrc(Span<byte> batch) =>
        BinaryPrimitives.WriteUInt32BigEndian(batch[CrcAt..], ComputeCrc(batch));
}
