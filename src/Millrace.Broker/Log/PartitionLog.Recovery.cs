using System.Globalization;

namespace Millrace.Broker.Log;

internal sealed partial class PartitionLog
{
    /// <summary>Often enough that producers notice at once when there is space again, and rare enough that a dead disk is left alone.</summary>
    private static readonly TimeSpan ReopenInterval = TimeSpan.FromSeconds(1);

    private long _failedAt;

    /// <summary>
    /// What a snapshot says of a segment is taken as it is, the rest is read, every checksum checked. The last segment is cut at the
    /// first bad batch, for nobody was told of what comes behind it. In an earlier one bad bytes are damage: it ends there for readers, with
    /// an error, and the segments behind it stay.
    /// </summary>
    private LogSegment[] Recover()
    {
        SegmentSwap.Recover(_directory, _disk);
        var bases = Directory.EnumerateFiles(_directory, "*" + LogSegment.Extension)
            .Select(f => long.Parse(Path.GetFileNameWithoutExtension(f), CultureInfo.InvariantCulture))
            .Order()
            .ToList();

        var segments = new List<LogSegment>();
        for (var i = 0; i < bases.Count; i++)
            segments.Add(i < bases.Count - 1 ? RecoverSealed(bases[i], bases[i + 1]) : RecoverLast(bases[i]));

        if (segments.Count == 0)
        {
            segments.Add(new LogSegment(_directory, 0, SegmentContents.Empty(0), _disk));
            DirectorySync.Flush(_directory);
        }

        return [.. segments];
    }

    private LogSegment RecoverSealed(long baseOffset, long nextBaseOffset)
    {
        var (contents, _) = Read(baseOffset, nextBaseOffset);
        if (contents.NextOffset == nextBaseOffset)
            return new LogSegment(_directory, baseOffset, contents, _disk);

        var path = LogSegment.PathOf(_directory, baseOffset);
        _logger.SegmentDamaged(path, contents.Length, contents.NextOffset, nextBaseOffset);
        return new LogSegment(_directory, baseOffset, contents with { NextOffset = nextBaseOffset }, _disk) { DamagedFrom = contents.NextOffset };
    }

    private LogSegment RecoverLast(long baseOffset)
    {
        var (contents, stop) = Read(baseOffset, long.MaxValue);
        if (stop is not ScanStop.EndOfFile)
            Cut(LogSegment.PathOf(_directory, baseOffset), contents, stop);
        return new LogSegment(_directory, baseOffset, contents, _disk);
    }

    /// <summary>Takes from the snapshot what it has, and from the file what came after it.</summary>
    private (SegmentContents Contents, ScanStop Stop) Read(long baseOffset, long nextBaseOffset)
    {
        var path = LogSegment.PathOf(_directory, baseOffset);
        var known = SegmentContents.Empty(baseOffset);
        if (SegmentSnapshot.TryLoad(path) is { } snapshot)
        {
            known = snapshot.Contents;
            _producers.Reset(snapshot.Producers);
            foreach (var transaction in snapshot.Aborted)
                _aborted.Add(transaction);
        }

        _lengthAtSnapshot = known.Length;
        _snapshotIsCurrent = true;
        if (known.NextOffset == nextBaseOffset)
            return (known, ScanStop.EndOfFile);

        var (contents, stop) = SegmentScan.Run(path, known, _producers, _aborted);
        _snapshotIsCurrent = contents.Length == known.Length;
        if (!_snapshotIsCurrent && _settings.FlushesBeforeAnswer)
            FlushFound(path);
        return (contents, stop);
    }

    /// <summary>
    /// What a killed process wrote may be in the operating system's memory only. From here on it is read, and a producer that sends it
    /// again is told that it is there.
    /// </summary>
    private void FlushFound(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        _disk.Flush(file, path);
    }

    private void Cut(string path, SegmentContents contents, ScanStop stop)
    {
        if (!_snapshotIsCurrent)
        {
            // It could say later of other bytes that they are what it describes.
            File.Delete(SegmentSnapshot.PathFor(path));
            _lengthAtSnapshot = 0;
        }

        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        var length = RandomAccess.GetLength(file);
        if (stop is ScanStop.Corrupt)
            SaveTail(path, contents.Length);
        RandomAccess.SetLength(file, contents.Length);
        RandomAccess.FlushToDisk(file);
        DirectorySync.Flush(_directory);
        _logger.LogTailCut(path, stop, contents.Length, length - contents.Length, contents.NextOffset);
    }

    /// <summary>Behind a corrupt batch there may be good ones: they stay in a file that nobody reads but a person.</summary>
    private static void SaveTail(string path, long from)
    {
        using var source = File.OpenRead(path);
        source.Position = from;
        using var target = File.Create(Path.ChangeExtension(path, ".cut"));
        source.CopyTo(target);
        target.Flush(flushToDisk: true);
    }

    /// <summary>
    /// Tries, at most once a second, to go on after the disk has failed: what nobody has seen is taken back, the producers are as the
    /// records that are left say, and a new file is begun, since of the old one's pages nobody knows anything.
    /// </summary>
    private void ReopenIfItIsTime()
    {
        if (_time.GetElapsedTime(_failedAt) < ReopenInterval)
            return;

        _status = (int)LogStatus.Online;
        Attempt(Reopen);
        if (Status is LogStatus.Online)
            _logger.LogReopened(_directory, _nextOffset);
    }

    private void Reopen()
    {
        FinishSwap();
        RereadProducers(out var readable);
        Active.TakeBack(readable);
        _nextOffset = readable.NextOffset;
        if (Active.Length > 0)
            Roll();
    }

    private void RereadProducers(out SegmentContents readable)
    {
        _producers.Reset([]);
        if (_segments.Length > 1 && SegmentSnapshot.TryLoad(_segments[^2].Path) is { } before)
            _producers.Reset(before.Producers);
        _aborted.RemoveFrom(Active.BaseOffset);

        // The file may be longer than what was published, by whole batches that were never acknowledged.
        File.Delete(SegmentSnapshot.PathFor(Active.Path));
        using (var file = File.OpenHandle(Active.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
            RandomAccess.SetLength(file, Active.ReadableLength);
        (readable, _) = SegmentScan.Run(Active.Path, SegmentContents.Empty(Active.BaseOffset), _producers, _aborted);
    }
}
