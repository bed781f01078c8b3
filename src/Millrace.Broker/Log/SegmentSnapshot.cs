using System.Buffers.Binary;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Log;

/// <summary>
/// What a scan of a segment would find, the producers as they are at its end and the transactions aborted in it: saved when a segment is complete and at a
/// clean stop, so that a start need not read the segment; and now and then for the segment being written, so that it need read only what
/// came since. <c>uint32 CRC-32C | fields</c>, little-endian. Never needed: when it is
/// not whole, or says more than the file has, the segment is scanned from its beginning.
/// </summary>
internal sealed record SegmentSnapshot(
    SegmentContents Contents, IReadOnlyList<ProducerState> Producers, IReadOnlyList<AbortedTransaction> Aborted)
{
    public const string Extension = ".snapshot";

    /// <summary>2: transactions. One of another version is not read: the segment is scanned instead.</summary>
    private const byte Version = 2;

    private const long NoTransaction = -1;

    public static string PathFor(string segmentPath) => Path.ChangeExtension(segmentPath, Extension);

    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string segmentPath) => WriteTo(PathFor(segmentPath));

    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteTo(string path)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(0);
        writer.Write(Version);
        writer.Write(Contents.Length);
        writer.Write(Contents.NextOffset);
        writer.Write(Contents.MaxTimestamp);

        var entries = Contents.Index.Entries;
        writer.Write(entries.Count);
        foreach (var entry in entries)
        {
            writer.Write(entry.Offset);
            writer.Write(entry.Position);
            writer.Write(entry.MaxTimestampBefore);
        }

        writer.Write(Producers.Count);
        foreach (var producer in Producers)
            WriteProducer(writer, producer);

        writer.Write(Aborted.Count);
        foreach (var transaction in Aborted)
        {
            writer.Write(transaction.ProducerId);
            writer.Write(transaction.FirstOffset);
            writer.Write(transaction.LastOffset);
        }

        var bytes = stream.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32C.Compute(bytes.AsSpan(sizeof(uint))));
        DurableFile.Replace(path, bytes);
    }

    /// <summary>Null when there is none that fits the segment as it is.</summary>
    public static SegmentSnapshot? TryLoad(string segmentPath)
    {
        var path = PathFor(segmentPath);
        if (!File.Exists(path))
            return null;

        var bytes = File.ReadAllBytes(path);
        if (bytes.Length <= sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Crc32C.Compute(bytes.AsSpan(sizeof(uint))))
            return null;

        using var reader = new BinaryReader(new MemoryStream(bytes, sizeof(uint), bytes.Length - sizeof(uint)));
        if (reader.ReadByte() != Version)
            return null;

        var (length, nextOffset, maxTimestamp) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        if (length > new FileInfo(segmentPath).Length)
            return null;

        var entries = new IndexEntry[reader.ReadInt32()];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = new IndexEntry(reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt64());

        var producers = new ProducerState[reader.ReadInt32()];
        for (var i = 0; i < producers.Length; i++)
            producers[i] = ReadProducer(reader);
        var aborted = new AbortedTransaction[reader.ReadInt32()];
        for (var i = 0; i < aborted.Length; i++)
            aborted[i] = new AbortedTransaction(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        return new SegmentSnapshot(new SegmentContents(new SegmentIndex(entries), length, nextOffset, maxTimestamp), producers, aborted);
    }

    private static void WriteProducer(BinaryWriter writer, ProducerState producer)
    {
        writer.Write(producer.Id);
        writer.Write(producer.Epoch);
        writer.Write(producer.LastSeen.ToUnixTimeMilliseconds());
        writer.Write(producer.TransactionStart ?? NoTransaction);
        writer.Write((byte)producer.Batches.Count);
        foreach (var batch in producer.Batches)
        {
            writer.Write(batch.FirstSequence);
            writer.Write(batch.LastSequence);
            writer.Write(batch.BaseOffset);
        }
    }

    private static ProducerState ReadProducer(BinaryReader reader)
    {
        var producer = new ProducerState(reader.ReadInt64(), reader.ReadInt16());
        var lastSeen = DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64());
        producer.Seen(lastSeen);
        var start = reader.ReadInt64();
        producer.TransactionStart = start == NoTransaction ? null : start;
        for (var left = reader.ReadByte(); left > 0; left--)
            producer.Add(new ProducedBatch(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64()), lastSeen);
        return producer;
    }
}
