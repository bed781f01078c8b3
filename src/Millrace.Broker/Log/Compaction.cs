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
    /// <summary>What a key costs besides its own bytes: the header of its array, and its place in the table, which is never full.</summary>
    private const int BytesOfEntry = 80;

    private readonly Dictionary<byte[], long> _newest = new(KeyComparer.Instance);
    private readonly long _tombstonesBefore = (now - deleteRetention).ToUnixTimeMilliseconds();

    private long _bytes;

    /// <summary>Up to where the keys are known. From there on every record stays.</summary>
    public long NotedTo { get; private set; } = compactedTo;

    /// <summary>
    /// Notes the keys of a segment, from <see cref="NotedTo"/> on. To be called for each, the oldest first, before the first is rewritten.
    /// False when the memory is used up: then for no more.
    /// </summary>
    public bool Note(IEnumerable<ReadOnlyMemory<byte>> batches)
    {
        foreach (var batch in batches)
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

    /// <summary>Whether a segment would be another one if it were rewritten.</summary>
    public bool Changes(IEnumerable<ReadOnlyMemory<byte>> batches)
    {
        var isBehindEmpty = false;
        foreach (var batch in batches)
        {
            var header = HeaderOf(batch);
            using var reader = ReaderOf(batch, header);
            switch (Judge(reader, header))
            {
                case Kept.All:
                    isBehindEmpty = false;
                    break;
                case Kept.Nothing when header.RecordCount == 0 && !isBehindEmpty:
                    isBehindEmpty = true;
                    break;
                default:
                    return true;
            }
        }

        return false;
    }

    /// <summary>Writes neighbouring segments without what may go, and one empty batch where there was a run of them.</summary>
    public void Rewrite(IEnumerable<ReadOnlyMemory<byte>> batches, Stream output)
    {
        var emptyFrom = -1L;
        var emptied = default(RecordBatchHeader);
        foreach (var batch in batches)
        {
            var header = HeaderOf(batch);
            using var reader = ReaderOf(batch, header);
            var kept = Judge(reader, header);
            if (kept is Kept.Nothing)
            {
                if (emptyFrom >= 0 && header.LastOffset - emptyFrom > int.MaxValue)
                    WriteEmpty(output, emptied, ref emptyFrom);
                emptyFrom = emptyFrom < 0 ? header.BaseOffset : emptyFrom;
                emptied = header;
                continue;
            }

            WriteEmpty(output, emptied, ref emptyFrom);
            output.Write(kept is Kept.All ? batch.Span : Rebuild(reader!, header));
        }

        WriteEmpty(output, emptied, ref emptyFrom);
    }

    private void NoteBatch(ReadOnlyMemory<byte> batch, in RecordBatchHeader header)
    {
        using var reader = ReaderOf(batch, header);
        if (reader is null)
            return;

        var newest = _newest.GetAlternateLookup<ReadOnlySpan<byte>>();
        while (reader.TryRead(out var record))
        {
            if (record.Key is not { } key || IsAborted(header, record.Offset))
                continue;
            ref var offset = ref CollectionsMarshal.GetValueRefOrAddDefault(newest, key.Span, out var isKnown);
            offset = record.Offset;
            _bytes += isKnown ? 0 : BytesOfEntry + key.Length;
        }
    }

    private Kept Judge(RecordReader? reader, in RecordBatchHeader header)
    {
        if (reader is null)
            return Kept.All;

        var kept = 0;
        while (reader.TryRead(out var record))
            kept += MayStay(header, record) ? 1 : 0;
        return kept == 0 ? Kept.Nothing : kept == header.RecordCount ? Kept.All : Kept.Some;
    }

    private byte[] Rebuild(RecordReader reader, in RecordBatchHeader header)
    {
        using var builder = new RecordBatchBuilder
        {
            BaseOffset = header.BaseOffset,
            PartitionLeaderEpoch = header.PartitionLeaderEpoch,
            Attributes = header.Attributes,
            ProducerId = header.ProducerId,
            ProducerEpoch = header.ProducerEpoch,
            BaseSequence = header.BaseSequence,
        };
        reader.Restart();
        while (reader.TryRead(out var record))
        {
            if (MayStay(header, record))
                builder.AppendAt((int)(record.Offset - header.BaseOffset), record.Timestamp, record.Key, record.Value, HeadersOf(record));
        }

        var rebuilt = builder.Build();
        BinaryPrimitives.WriteInt32BigEndian(rebuilt.AsSpan(RecordBatchHeader.LastOffsetDeltaAt), header.LastOffsetDelta);
        RecordBatchHeader.SetCrc(rebuilt);
        return rebuilt;
    }

    private bool MayStay(in RecordBatchHeader header, in Record record)
    {
        // A record without a value has to outlive the older ones of its key, and which those are is known only below.
        if (record.Key is not { } key || record.Offset >= NotedTo)
            return true;
        if (IsAborted(header, record.Offset)
            || (_newest.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key.Span, out var newest) && newest > record.Offset))
            return false;
        return record.Value is not null || record.Timestamp >= _tombstonesBefore;
    }

    private bool IsAborted(in RecordBatchHeader header, long offset)
    {
        var producer = header.ProducerId;
        return header.Attributes.IsTransactional && aborted.Between(offset, offset + 1).Exists(t => t.ProducerId == producer);
    }

    /// <summary>
    /// The records of a batch that may be judged, gone over once, so that reading them cannot fail any more. Null for a marker, whose key is Kafka's own and may be the bytes of a
    /// key of the topic, and where they do not unpack: a batch was stored as it came, so it may be anything, and what cannot be read stays.
    /// </summary>
    private static RecordReader? ReaderOf(ReadOnlyMemory<byte> batch, in RecordBatchHeader header)
    {
        if (header.Attributes.IsControl)
            return null;

        RecordReader? reader = null;
        try
        {
            reader = new RecordReader(batch, UnpackedBatch.MaxBytes);
            while (reader.TryRead(out _))
            {
            }

            reader.Restart();
            return reader;
        }
        catch (WireFormatException)
        {
            reader?.Dispose();
            return null;
        }
    }

    private static List<(string, ReadOnlyMemory<byte>?)> HeadersOf(in Record record)
    {
        var headers = new List<(string, ReadOnlyMemory<byte>?)>();
        foreach (var header in record.Headers)
            headers.Add((Encoding.UTF8.GetString(header.Key.Span), header.Value));
        return headers;
    }

    private static RecordBatchHeader HeaderOf(ReadOnlyMemory<byte> batch)
    {
        _ = RecordBatchHeader.TryRead(batch.Span, out var header);
        return header;
    }

    private static void WriteEmpty(Stream output, in RecordBatchHeader last, ref long from)
    {
        if (from < 0)
            return;

        output.Write(RecordBatchBuilder.BuildEmpty(last, from));
        from = -1;
    }

    private enum Kept
    {
        All,
        Some,
        Nothing,
    }

    /// <summary>Keys are equal when they have the same bytes; they are copied only when they are added.</summary>
    private sealed class KeyComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly KeyComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
