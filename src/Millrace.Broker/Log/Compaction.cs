using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Millrace.Protocol;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Log;

/// <summary>
/// Which records of a compacted log may go, and what a segment looks like without them. Of several records with the same key only the newest
/// stays; one without a value stays for a while, so that readers learn of the deletion; what an aborted transaction wrote goes.
/// </summary>
/// <remarks>
/// Offsets never change. Where whole batches go, an empty one takes their place, as Kafka itself leaves one behind: it holds its
/// neighbours' offsets together, and clients step over it. Markers of transactions stay.
/// <para>The keys take memory, and there is a limit to it: what does not fit is left as it is, for the next compaction to begin with.</para>
/// </remarks>
/// <param name="aborted">The log's.</param>
/// <param name="now">When this is.</param>
/// <param name="deleteRetention">How long a record without a value stays.</param>
/// <param name="compactedTo">Up to where earlier compactions have got: no key has two records below.</param>
/// <param name="maxBytes">For the keys; a batch that begins below it is noted as a whole.</param>
internal sealed class Compaction(AbortedTransactions aborted, DateTimeOffset now, TimeSpan deleteRetention, long compactedTo, long maxBytes)
{
    public const string TemporaryExtension = ".cleaned";

    /// <summary>What a key costs besides its own bytes: the header of its array, and its place in the table, which is never full.</summary>
    private const int BytesOfEntry = 80;

    private readonly Dictionary<Key, long> _newest = [];
    private readonly long _tombstonesBefore = (now - deleteRetention).ToUnixTimeMilliseconds();

    private long _bytes;

    /// <summary>Up to where the keys are known. From there on every record stays.</summary>
    public long NotedTo { get; private set; } = compactedTo;

    /// <summary>
    /// Notes the keys of a segment, from <see cref="NotedTo"/> on. To be called for each, the oldest first, before the first is rewritten.
    /// False when the memory is used up: then for no more.
    /// </summary>
    public bool Note(ReadOnlyMemory<byte> batches)
    {
        while (RecordSet.TryTake(ref batches, out var batch))
        {
            var header = HeaderOf(batch);
            if (header.LastOffset < NotedTo)
                continue;
            if (_bytes >= maxBytes)
                return false;
            NoteBatch(batch, header);
            NotedTo = header.LastOffset + 1;
        }

        return true;
    }

    /// <summary>The segment without what may go; null when nothing may.</summary>
    public byte[]? Rewrite(ReadOnlyMemory<byte> batches)
    {
        using var output = new MemoryStream(batches.Length);
        var (isChanged, emptyFrom) = (false, -1L);
        var emptied = default(RecordBatchHeader);
        while (RecordSet.TryTake(ref batches, out var batch))
        {
            var header = HeaderOf(batch);
            var kept = Keep(batch, header, out var rewritten);
            isChanged |= kept is Kept.Some || (kept is Kept.Nothing && header.RecordCount > 0);
            if (kept is Kept.Nothing)
            {
                // One empty batch for a run of them; that there are two of them where there were one is no gain.
                isChanged |= emptyFrom >= 0;
                if (emptyFrom >= 0 && header.LastOffset - emptyFrom > int.MaxValue)
                    WriteEmpty(output, emptied, ref emptyFrom);
                emptyFrom = emptyFrom < 0 ? header.BaseOffset : emptyFrom;
                emptied = header;
                continue;
            }

            WriteEmpty(output, emptied, ref emptyFrom);
            output.Write(kept is Kept.All ? batch.Span : rewritten);
        }

        WriteEmpty(output, emptied, ref emptyFrom);
        return isChanged ? output.ToArray() : null;
    }

    private void NoteBatch(ReadOnlyMemory<byte> batch, in RecordBatchHeader header)
    {
        // A marker's key is Kafka's own, and the same bytes may be a key of the topic.
        if (header.Attributes.IsControl)
            return;
        foreach (var record in RecordsOf(batch) ?? [])
        {
            if (record.Key is not { } key || IsAborted(header, record.Offset))
                continue;
            ref var newest = ref CollectionsMarshal.GetValueRefOrAddDefault(_newest, new Key(key), out var isKnown);
            newest = record.Offset;
            _bytes += isKnown ? 0 : BytesOfEntry + key.Length;
        }
    }

    private Kept Keep(ReadOnlyMemory<byte> batch, RecordBatchHeader header, out byte[]? rewritten)
    {
        rewritten = null;
        if (header.Attributes.IsControl || RecordsOf(batch) is not { } records)
            return Kept.All;

        var keep = records.FindAll(r => MayStay(header, r));
        if (keep.Count == 0)
            return Kept.Nothing;
        if (keep.Count == header.RecordCount)
            return Kept.All;

        using var builder = new RecordBatchBuilder
        {
            BaseOffset = header.BaseOffset,
            PartitionLeaderEpoch = header.PartitionLeaderEpoch,
            Attributes = header.Attributes,
            ProducerId = header.ProducerId,
            ProducerEpoch = header.ProducerEpoch,
            BaseSequence = header.BaseSequence,
        };
        foreach (var record in keep)
            builder.AppendAt((int)(record.Offset - header.BaseOffset), record.Timestamp, record.Key, record.Value, record.Headers);
        rewritten = builder.Build();
        SetLastOffsetDelta(rewritten, header.LastOffsetDelta);
        return Kept.Some;
    }

    private bool MayStay(in RecordBatchHeader header, in StoredRecord record)
    {
        // A record without a value has to outlive the older ones of its key, and which those are is known only below.
        if (record.Key is not { } key || record.Offset >= NotedTo)
            return true;
        if (IsAborted(header, record.Offset) || (_newest.TryGetValue(new Key(key), out var newest) && newest > record.Offset))
            return false;
        return record.Value is not null || record.Timestamp >= _tombstonesBefore;
    }

    private bool IsAborted(in RecordBatchHeader header, long offset)
    {
        var producer = header.ProducerId;
        return header.Attributes.IsTransactional && aborted.Between(offset, offset + 1).Exists(t => t.ProducerId == producer);
    }

    /// <summary>Null when the batch does not unpack.</summary>
    private static List<StoredRecord>? RecordsOf(ReadOnlyMemory<byte> batch)
    {
        try
        {
            var records = new List<StoredRecord>();
            using var reader = new RecordReader(batch, UnpackedBatch.MaxBytes);
            while (reader.TryRead(out var record))
            {
                var headers = new List<(string, ReadOnlyMemory<byte>?)>();
                foreach (var header in record.Headers)
                    headers.Add((Encoding.UTF8.GetString(header.Key.Span), Copy(header.Value)));
                records.Add(new StoredRecord(record.Offset, record.Timestamp, record.Key?.ToArray(), Copy(record.Value), headers));
            }

            return records;
        }
        catch (WireFormatException)
        {
            // It was stored as it came, so it may be anything, or unpack to too much. What cannot be read cannot be judged, and stays.
            return null;
        }
    }

    /// <summary>Null stays null: a conversion from an array that is null would make it empty, and a deletion into a value.</summary>
    private static ReadOnlyMemory<byte>? Copy(ReadOnlyMemory<byte>? bytes) => bytes is { } some ? some.ToArray() : default(ReadOnlyMemory<byte>?);

    private static RecordBatchHeader HeaderOf(ReadOnlyMemory<byte> batch)
    {
        _ = RecordBatchHeader.TryRead(batch.Span, out var header);
        return header;
    }

    private static void WriteEmpty(MemoryStream output, in RecordBatchHeader last, ref long from)
    {
        if (from < 0)
            return;

        output.Write(RecordBatchBuilder.BuildEmpty(last, from));
        from = -1;
    }

    private static void SetLastOffsetDelta(Span<byte> batch, int delta)
    {
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchHeader.LastOffsetDeltaAt..], delta);
        RecordBatchHeader.SetCrc(batch);
    }

    private enum Kept
    {
        All,
        Some,
        Nothing,
    }

    private readonly record struct StoredRecord(
        long Offset, long Timestamp, byte[]? Key, ReadOnlyMemory<byte>? Value, List<(string Key, ReadOnlyMemory<byte>? Value)> Headers);

    /// <summary>Bytes that are equal when they say the same.</summary>
    private readonly struct Key(byte[] bytes) : IEquatable<Key>
    {
        private readonly byte[] _bytes = bytes;

        public bool Equals(Key other) => _bytes.AsSpan().SequenceEqual(other._bytes);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.AddBytes(_bytes);
            return hash.ToHashCode();
        }
    }
}
