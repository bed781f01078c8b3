using System.Buffers;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Log;

/// <summary>
/// A file of batches as they came over the wire, named after the offset of its first record. Appended to by one thread;
/// readers see what is below <see cref="ReadableLength"/>.
/// </summary>
/// <remarks>
/// Not preallocated: the file's length is then the end of the data, recovery has nothing to guess, and on ext4 an fsync costs
/// the same within what can be measured beside the journal commit that the data needs anyway.
/// </remarks>
internal sealed class LogSegment : IDisposable
{
    public const string Extension = ".log";

    private readonly SafeFileHandle _file;
    private readonly IDisk _disk;
    private long _readableLength;

    /// <param name="directory">The partition's.</param>
    /// <param name="baseOffset">Of the first record.</param>
    /// <param name="contents">What recovery found in the file.</param>
    /// <param name="disk">What writes and flushes.</param>
    public LogSegment(string directory, long baseOffset, SegmentContents contents, IDisk disk)
    {
        _disk = disk;
        BaseOffset = baseOffset;
        Path = PathOf(directory, baseOffset);
        Index = contents.Index;
        Length = contents.Length;
        NextOffset = contents.NextOffset;
        MaxTimestamp = contents.MaxTimestamp;
        _readableLength = contents.Length;
        _file = File.OpenHandle(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    public long BaseOffset { get; }

    public string Path { get; }

    public SegmentIndex Index { get; private set; }

    /// <summary>What has been written, flushed or not.</summary>
    public long Length { get; private set; }

    public long NextOffset { get; private set; }

    public long MaxTimestamp { get; private set; }

    /// <summary>What readers may see: what is on disk, or in a log that does not wait for that, what the operating system has.</summary>
    public long ReadableLength => Volatile.Read(ref _readableLength);

    /// <summary>Whether all of it has been flushed.</summary>
    public bool IsFlushed { get; private set; } = true;

    /// <summary>From this offset on the file is not what was written; null when nothing is known to be wrong with it.</summary>
    public long? DamagedFrom { get; init; }

    /// <summary>Whether the cleaner has met a batch that is not what was written. Readers find that out for themselves.</summary>
    public bool HasRotted { get; private set; }

    /// <summary>When the first batch was appended by this process; null before.</summary>
    public DateTimeOffset? FirstAppend { get; set; }

    public static string PathOf(string directory, long baseOffset) =>
        System.IO.Path.Combine(directory, baseOffset.ToString("D20", CultureInfo.InvariantCulture) + Extension);

    public SegmentContents Contents => new(Index, Length, NextOffset, MaxTimestamp);

    /// <summary>Writes batches behind each other in one system call.</summary>
    /// <exception cref="IOException">The disk is full or broken; how much is in the file is unknown.</exception>
    public void Append(IReadOnlyList<ReadOnlyMemory<byte>> batches)
    {
        IsFlushed = false;
        _disk.Write(_file, Path, batches, Length);
        foreach (var batch in batches)
        {
            _ = RecordBatchHeader.TryRead(batch.Span, out var header);
            Index.Offer(new IndexEntry(header.BaseOffset, (int)Length, MaxTimestamp));
            Length += batch.Length;
            NextOffset = header.LastOffset + 1;
            MaxTimestamp = Math.Max(MaxTimestamp, header.MaxTimestamp);
        }
    }

    /// <exception cref="IOException">What is on disk is unknown, and a second call would not tell.</exception>
    public void Flush()
    {
        _disk.Flush(_file, Path);
        IsFlushed = true;
    }

    /// <summary>Shows the readers all that has been written.</summary>
    public void MakeReadable() => Volatile.Write(ref _readableLength, Length);

    /// <summary>Takes back what no reader has seen, after the disk has failed.</summary>
    /// <exception cref="IOException">The disk still fails.</exception>
    public void TakeBack(SegmentContents readable)
    {
        RandomAccess.SetLength(_file, readable.Length);
        _disk.Flush(_file, Path);
        Index = readable.Index;
        Length = readable.Length;
        NextOffset = readable.NextOffset;
        MaxTimestamp = readable.MaxTimestamp;
        IsFlushed = true;
    }

    /// <summary>
    /// The batches from the one that holds <paramref name="offset"/> on, which clients cut themselves: as many as begin below
    /// <paramref name="endOffset"/> and fit <paramref name="maxBytes"/>, but the first even if it does not fit when
    /// <paramref name="atLeastOne"/>. Every checksum is looked at: what rots on disk reaches nobody.
    /// </summary>
    public FetchedRecords Read(long offset, long endOffset, int maxBytes, bool atLeastOne)
    {
        if (offset >= DamagedFrom)
            return FetchedRecords.Corrupt;
        var position = Index.Floor(offset).Position;
        var available = ReadableLength - position;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(available, maxBytes + (long)SegmentIndex.Interval + RecordBatchHeader.Size));
        var filled = ReadFully(buffer, position, available);

        var (start, end, last) = (-1, 0, -1L);
        while (RecordBatchHeader.TryRead(buffer.AsSpan(end, filled - end), out var header) && header.BaseOffset < endOffset)
        {
            if (header.Magic != RecordBatchHeader.CurrentMagic || header.LastOffset <= last || header.TotalSize > available - end)
                return EndAtDamage(buffer, start, end);
            last = header.LastOffset;
            if (header.LastOffset < offset)
            {
                end += (int)header.TotalSize;
                continue;
            }

            var isFirst = start < 0;
            if (isFirst)
                start = end;
            var batchEnd = end + header.TotalSize;
            if (batchEnd - start > maxBytes && !(isFirst && atLeastOne))
                break;
            if (batchEnd > filled)
                return isFirst ? ReadOne(buffer, position + start, (int)header.TotalSize) : new FetchedRecords(buffer, start..end);
            if (!RecordBatchHeader.CrcIsValid(buffer.AsSpan(end, (int)header.TotalSize)))
                return EndAtDamage(buffer, isFirst ? -1 : start, end);
            end = (int)batchEnd;
        }

        return start < 0 ? new FetchedRecords(buffer, 0..0) : new FetchedRecords(buffer, start..end);
    }

    /// <summary>What is good before the damage; where nothing is, the damage itself.</summary>
    private static FetchedRecords EndAtDamage(byte[] buffer, int start, int end)
    {
        if (start >= 0)
            return new FetchedRecords(buffer, start..end);
        ArrayPool<byte>.Shared.Return(buffer);
        return FetchedRecords.Corrupt;
    }

    /// <summary>Headers from a position on, without their records.</summary>
    public IEnumerable<(RecordBatchHeader Header, long Position)> HeadersFrom(long position, long endOffset)
    {
        var buffer = new byte[RecordBatchHeader.Size];
        while (RandomAccess.Read(_file, buffer, position) == buffer.Length
            && RecordBatchHeader.TryRead(buffer, out var header) && header.BaseOffset < endOffset)
        {
            yield return (header, position);
            position += header.TotalSize;
        }
    }

    /// <summary>All batches of a complete segment, one at a time. Each is valid until the next one is asked for.</summary>
    /// <param name="bufferSize">Bytes read at a time; a larger batch takes what it needs.</param>
    /// <param name="cancellationToken">Looked at before each.</param>
    /// <exception cref="InvalidDataException">One is not what was written.</exception>
    public IEnumerable<ReadOnlyMemory<byte>> Batches(int bufferSize, CancellationToken cancellationToken)
    {
        var window = new FileWindow(_file, bufferSize);
        var position = 0L;
        while (position < Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!RecordBatchHeader.TryRead(window.Read(position, RecordBatchHeader.Size).Span, out var header)
                || header.TotalSize > Length - position
                || !RecordBatchHeader.CrcIsValid(window.Read(position, (int)header.TotalSize).Span))
            {
                HasRotted = true;
                throw new InvalidDataException($"{Path} is damaged at byte {position}.");
            }

            yield return window.Read(position, (int)header.TotalSize);
            position += header.TotalSize;
        }
    }

    public FetchedRecords ReadBatch(in RecordBatchHeader header, long position) => ReadOne([], position, (int)header.TotalSize);

    public void Dispose() => _file.Dispose();

    private FetchedRecords ReadOne(byte[] tooSmall, long position, int size)
    {
        if (tooSmall.Length > 0)
            ArrayPool<byte>.Shared.Return(tooSmall);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        var filled = ReadFully(buffer, position, size);
        if (filled == size && RecordBatchHeader.CrcIsValid(buffer.AsSpan(0, size)))
            return new FetchedRecords(buffer, 0..size);
        ArrayPool<byte>.Shared.Return(buffer);
        return FetchedRecords.Corrupt;
    }

    private int ReadFully(byte[] buffer, long position, long available)
    {
        var wanted = (int)Math.Min(buffer.Length, available);
        var filled = 0;
        while (filled < wanted)
        {
            var read = RandomAccess.Read(_file, buffer.AsSpan(filled, wanted - filled), position + filled);
            if (read == 0)
                break;
            filled += read;
        }

        return filled;
    }
}
