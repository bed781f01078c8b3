using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Log;

/// <summary>
/// Topics, group offsets, transactions, the cluster id and the producer id counter, on disk before anybody is told. A file
/// <c>NNNNNNNNNN.metadata</c> of frames, each <c>int32 length | uint32 CRC-32C | records</c>, little-endian.
/// </summary>
/// <remarks>
/// One frame per fsync holds all that gathered. So a frame that is not whole can only be the last one, and was never
/// acknowledged: it is cut off. A bad frame with a good one behind it is damage, and the start is refused. The file is
/// written anew from the image at each start and when it has grown well over what the image needs; the higher number wins.
/// <para>So it goes on after the disk has failed, too, once a second at most: the image is what was acknowledged, and what became of the old file nobody knows.</para>
/// </remarks>
internal sealed class MetadataLog : IDisposable
{
    private const int FrameHeaderSize = 8;
    private const string Extension = ".metadata";

    /// <summary>Rewritten when this large and four times what it was after the last rewrite: rare enough to cost nothing.</summary>
    private const long MinRewriteSize = 8 * 1024 * 1024;

    /// <summary>As <see cref="PartitionLog"/> does it.</summary>
    private static readonly TimeSpan ReopenInterval = TimeSpan.FromSeconds(1);

    private readonly string _directory;
    private readonly IDisk _disk;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CommitLoop<Pending> _loop;
    private SafeFileHandle _file;
    private long _number;
    private long _length;
    private long _lengthAfterRewrite;
    private long? _failedAt;

    private MetadataLog(string directory, MetadataImage image, long number, IDisk disk, TimeProvider time, ILogger logger)
    {
        _directory = directory;
        _disk = disk;
        _time = time;
        _logger = logger;
        _number = number;
        Image = image;
        _file = Rewrite();
        _loop = new CommitLoop<Pending>("millrace-metadata-log", Commit);
        _loop.Start();
    }

    public MetadataImage Image { get; }

    /// <exception cref="BrokerStartException">The log is damaged in the middle.</exception>
    public static MetadataLog Open(string directory, IDisk disk, TimeProvider time, ILogger logger)
    {
        foreach (var leftover in Directory.EnumerateFiles(directory, "*.tmp"))
            File.Delete(leftover);

        var image = new MetadataImage();
        var newest = Directory.EnumerateFiles(directory, "*" + Extension).Max(StringComparer.Ordinal);
        if (newest is not null)
            Load(newest, image, logger);
        var number = newest is null ? 0 : long.Parse(Path.GetFileNameWithoutExtension(newest), CultureInfo.InvariantCulture);
        return new MetadataLog(directory, image, number, disk, time, logger);
    }

    /// <summary>True when the record is on disk and in the image; false when the disk failed, then nothing changed.</summary>
    public Task<bool> AppendAsync(MetadataRecord record) => AppendAsync([record]);

    /// <summary>As the other, for records that are to be there together or not at all.</summary>
    public Task<bool> AppendAsync(IReadOnlyList<MetadataRecord> records)
    {
        var pending = new Pending(records);
        return _loop.TryEnqueue(pending) ? pending.Done.Task : Task.FromResult(false);
    }

    public void Dispose()
    {
        _loop.Dispose();
        _file.Dispose();
    }

    private static void Load(string path, MetadataImage image, ILogger logger)
    {
        var bytes = File.ReadAllBytes(path);
        var position = 0;
        while (TryReadFrame(bytes, position, out var payload))
        {
            using var reader = new BinaryReader(new MemoryStream(bytes, payload.Start.Value, payload.End.Value - payload.Start.Value));
            try
            {
                while (reader.BaseStream.Position < reader.BaseStream.Length)
                    image.Apply(MetadataRecord.Read(reader));
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                throw new BrokerStartException($"The file {path} has a record that this version cannot read at byte {position}: use the version that wrote it.", e);
            }

            position = payload.End.Value;
        }

        if (position == bytes.Length)
            return;
        for (var behind = position + 1; behind < bytes.Length - FrameHeaderSize; behind++)
        {
            if (TryReadFrame(bytes, behind, out _))
                throw new BrokerStartException($"The file {path} is damaged at byte {position}, with good records behind it: restore it from a copy.");
        }

        logger.MetadataTailCut(path, position, bytes.Length - position);
    }

    private static bool TryReadFrame(byte[] bytes, int position, out Range payload)
    {
        payload = default;
        if (bytes.Length - position < FrameHeaderSize)
            return false;

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(position));
        var start = position + FrameHeaderSize;
        if (length <= 0 || length > bytes.Length - start)
            return false;

        payload = start..(start + length);
        return Crc32C.Compute(bytes.AsSpan(payload)) == BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(position + 4));
    }

    private static byte[] ToFrame(IEnumerable<MetadataRecord> records)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(0L);
        foreach (var record in records)
            record.Write(writer);

        var frame = stream.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - FrameHeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), Crc32C.Compute(frame.AsSpan(FrameHeaderSize)));
        return frame;
    }

    /// <summary>Writes the image to a file of its own, and only then lets go of the old one.</summary>
    private SafeFileHandle Rewrite()
    {
        var old = PathOf(_number);
        var next = PathOf(_number + 1);
        var frame = ToFrame(Image.ToRecords());
        DurableFile.Replace(next, frame, _disk);
        File.Delete(old);
        _number++;
        _length = _lengthAfterRewrite = frame.Length;
        return File.OpenHandle(next, FileMode.Open, FileAccess.Write);
    }

    private string PathOf(long number) => Path.Combine(_directory, number.ToString("D10", CultureInfo.InvariantCulture) + Extension);

    private void Commit(List<Pending> batch)
    {
        var isOnDisk = TryWrite(batch);
        foreach (var pending in batch)
        {
            if (!isOnDisk)
                break;
            foreach (var record in pending.Records)
                Image.Apply(record);
        }

        foreach (var pending in batch)
            pending.Done.TrySetResult(isOnDisk);
    }

    private bool TryWrite(List<Pending> batch)
    {
        if (_failedAt is { } failedAt && _time.GetElapsedTime(failedAt) < ReopenInterval)
            return false;

        try
        {
            // After a failed fsync asking again may say "fine": the file is not asked again.
            if (_failedAt is not null || (_length > MinRewriteSize && _length > 4 * _lengthAfterRewrite))
            {
                _file.Dispose();
                _file = Rewrite();
            }

            if (_failedAt is not null)
                _logger.MetadataLogReopened(_directory);
            _failedAt = null;

            var frame = ToFrame(batch.SelectMany(p => p.Records));
            _disk.Write(_file, PathOf(_number), [frame], _length);
            _disk.Flush(_file, PathOf(_number));
            _length += frame.Length;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_failedAt is null)
                _logger.MetadataLogFailed(_directory, e);
            _failedAt = _time.GetTimestamp();
            return false;
        }
    }

    private sealed record Pending(IReadOnlyList<MetadataRecord> Records)
    {
        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
