namespace Millrace.Broker.Log;

internal sealed partial class PartitionLog
{
    /// <summary>What was compacted already, by the offset behind it. Used by the cleaner only.</summary>
    private long _compactedTo;

    /// <summary>Whether segments were completed since the last compaction.</summary>
    public bool IsWorthCompacting => _settings.IsCompacted && Status is LogStatus.Online && Compactable().Any(s => s.NextOffset > _compactedTo);

    /// <summary>
    /// Compacts the complete segments whose transactions are decided, as far as the memory for their keys goes. Reading and rewriting is done here, on the cleaner's thread; the log
    /// writer's does no more than change the files.
    /// </summary>
    public async Task CompactAsync(LogWriter writer, long maxBytesOfKeys)
    {
        var segments = Compactable();
        var compaction = new Compaction(_aborted, _time.GetUtcNow(), _settings.DeleteRetention, _compactedTo, maxBytesOfKeys);
        try
        {
            foreach (var segment in segments.Where(s => s.NextOffset > _compactedTo))
            {
                if (!compaction.Note(File.ReadAllBytes(segment.Path)))
                    break;
            }

            foreach (var segment in segments.TakeWhile(s => s.BaseOffset < compaction.NotedTo))
            {
                if (compaction.Rewrite(File.ReadAllBytes(segment.Path)) is { } rewritten)
                    await ReplaceAsync(segment, rewritten, writer).ConfigureAwait(false);
            }

            _compactedTo = compaction.NotedTo;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _logger.CompactionFailed(_directory, e);
        }
    }

    /// <summary>One that is damaged is left alone, and so is what comes behind it: nobody knows which keys are in it.</summary>
    private List<LogSegment> Compactable()
    {
        var stable = LastStableOffset;
        return [.. _segments.SkipLast(1).TakeWhile(s => s.NextOffset <= stable && s.DamagedFrom is null)];
    }

    private async Task ReplaceAsync(LogSegment segment, byte[] rewritten, LogWriter writer)
    {
        var temporary = Path.ChangeExtension(segment.Path, Compaction.TemporaryExtension);
        using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, rewritten, 0);
            RandomAccess.FlushToDisk(file);
        }

        // The producers are those at the segment's end, which the records that are left do not tell any more.
        var producers = SegmentSnapshot.TryLoad(segment.Path) is { } before ? before.Producers : [];
        var (contents, stop) = SegmentScan.Run(temporary, SegmentContents.Empty(segment.BaseOffset), new ProducerStates(), new AbortedTransactions());
        if (stop is not ScanStop.EndOfFile || contents.NextOffset != segment.NextOffset)
            throw new IOException($"{temporary} is not what was written to it.");
        var snapshot = new SegmentSnapshot(contents, producers, _aborted.EndedFrom(segment.BaseOffset).FindAll(t => t.LastOffset < segment.NextOffset));
        await writer.RunAsync(() => Attempt(() => Replace(segment, temporary, snapshot))).ConfigureAwait(false);
    }

    private void Replace(LogSegment segment, string temporary, SegmentSnapshot snapshot)
    {
        var at = Array.IndexOf(_segments, segment);
        if (at < 0)
        {
            // Retention was faster.
            File.Delete(temporary);
            return;
        }

        // Whatever a crash leaves of these steps fits together: without a snapshot the file is read, be it the old one or the new.
        File.Delete(SegmentSnapshot.PathFor(segment.Path));
        DirectorySync.Flush(_directory);
        File.Move(temporary, segment.Path, overwrite: true);
        DirectorySync.Flush(_directory);
        snapshot.Save(segment.Path);

        LogSegment[] segments = [.. _segments];
        segments[at] = new LogSegment(_directory, segment.BaseOffset, snapshot.Contents, _disk);
        _segments = segments;
        segment.Dispose();
        _logger.SegmentCompacted(segment.Path, segment.Length, snapshot.Contents.Length);
    }
}
