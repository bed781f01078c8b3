using System.Globalization;

namespace Millrace.Broker.Log;

internal sealed partial class PartitionLog
{
    /// <summary>
    /// Segments with a fitting snapshot are taken as they are. The others are read, every checksum checked; at the first bad
    /// batch the segment is cut and what follows it set aside, as Kafka does, but not thrown away.
    /// </summary>
    private LogSegment[] Recover()
    {
        var bases = Directory.EnumerateFiles(_directory, "*" + LogSegment.Extension)
            .Select(f => long.Parse(Path.GetFileNameWithoutExtension(f), CultureInfo.InvariantCulture))
            .Order()
            .ToList();

        var segments = new List<LogSegment>();
        foreach (var baseOffset in bases)
        {
            if (segments.Count > 0 && segments[^1].NextOffset != baseOffset)
            {
                SetAside(LogSegment.PathOf(_directory, baseOffset));
                continue;
            }

            segments.Add(new LogSegment(_directory, baseOffset, RecoverSegment(baseOffset)));
        }

        if (segments.Count == 0)
        {
            segments.Add(new LogSegment(_directory, 0, SegmentContents.Empty(0)));
            DirectorySync.Flush(_directory);
        }

        return [.. segments];
    }

    private SegmentContents RecoverSegment(long baseOffset)
    {
        var path = LogSegment.PathOf(_directory, baseOffset);
        if (SegmentSnapshot.TryLoad(path) is { } snapshot)
        {
            foreach (var producer in snapshot.Producers)
                _producers.Restore(producer);
            _snapshotIsCurrent = true;
            return snapshot.Contents;
        }

        _snapshotIsCurrent = false;
        var (contents, stop) = SegmentScan.Run(path, baseOffset, _producers);
        if (stop is not ScanStop.EndOfFile)
            Cut(path, contents, stop);
        return contents;
    }

    private void Cut(string path, SegmentContents contents, ScanStop stop)
    {
        // It described the file before the cut, and could fit by its length again later.
        File.Delete(SegmentSnapshot.PathFor(path));
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

    private void SetAside(string path)
    {
        File.Move(path, Path.ChangeExtension(path, ".cut"), overwrite: true);
        File.Delete(SegmentSnapshot.PathFor(path));
        _logger.SegmentSetAside(path);
    }
}
