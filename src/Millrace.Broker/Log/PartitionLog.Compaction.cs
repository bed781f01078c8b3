namespace Millrace.Broker.Log;

internal sealed partial class PartitionLog
{
    /// <summary>What was compacted already, by the offset behind it. Used by the cleaner only.</summary>
    private long _compactedTo;

    /// <summary>A rewritten file that counts already, but has not yet its place among the segments; null when there is none. The log writer's.</summary>
    private (SegmentSwap Swap, SegmentContents Contents)? _unfinished;

    /// <summary>Whether segments were completed since the last compaction.</summary>
    public bool IsWorthCompacting => _settings.IsCompacted && Status is LogStatus.Online && Compactable().Any(s => s.NextOffset > _compactedTo);

    /// <summary>
    /// Compacts the complete segments whose transactions are decided, as far as the memory for their keys goes. Reading and rewriting is done here, on the cleaner's thread,
    /// a batch at a time; the log writer's does no more than change the files.
    /// </summary>
    /// <param name="writer">The log's.</param>
    /// <param name="maxBytesOfKeys">The memory for keys.</param>
    /// <param name="bufferSize">Bytes to read, and to write, at a time.</param>
    /// <param name="stopping">Ends it between two batches: what is not whole by then is as if it had not been begun.</param>
    public async Task CompactAsync(LogWriter writer, long maxBytesOfKeys, int bufferSize, CancellationToken stopping)
    {
        var segments = Compactable();
        var compaction = new Compaction(_aborted, _time.GetUtcNow(), _settings.DeleteRetention, _compactedTo, maxBytesOfKeys);
        try
        {
            foreach (var segment in segments.Where(s => s.NextOffset > _compactedTo))
            {
                if (!compaction.Note(segment.Batches(bufferSize, stopping)))
                    break;
            }

            foreach (var neighbours in Neighbours(segments.TakeWhile(s => s.BaseOffset < compaction.NotedTo)))
            {
                if (Status is not LogStatus.Online)
                    return;
                if (neighbours.Count > 1 || compaction.Changes(neighbours[0].Batches(bufferSize, stopping)))
                    await ReplaceAsync(neighbours, compaction, writer, bufferSize, stopping).ConfigureAwait(false);
            }

            _compactedTo = compaction.NotedTo;
        }
        catch (OperationCanceledException)
        {
            // The broker stops, and is not kept waiting.
        }
        catch (ObjectDisposedException)
        {
            // Retention, or the end of the topic, was faster.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            if (Status is not LogStatus.Deleted)
                _logger.CompactionFailed(_directory, e);
        }
    }

    /// <summary>One that is damaged is left alone, and so is what comes behind it: nobody knows which keys are in it.</summary>
    private List<LogSegment> Compactable()
    {
        var stable = LastStableOffset;
        return [.. _segments.SkipLast(1).TakeWhile(s => s.NextOffset <= stable && s.DamagedFrom is null && !s.HasRotted)];
    }

    /// <summary>Those that are together no larger than one may be become one, as in Kafka: by what they have before they are rewritten.</summary>
    private IEnumerable<List<LogSegment>> Neighbours(IEnumerable<LogSegment> segments)
    {
        var (neighbours, bytes) = (new List<LogSegment>(), 0L);
        foreach (var segment in segments)
        {
            if (neighbours.Count > 0 && bytes + segment.Length > _settings.SegmentBytes)
            {
                yield return neighbours;
                (neighbours, bytes) = ([], 0);
            }

            neighbours.Add(segment);
            bytes += segment.Length;
        }

        if (neighbours.Count > 0)
            yield return neighbours;
    }

    private async Task ReplaceAsync(List<LogSegment> old, Compaction compaction, LogWriter writer, int bufferSize, CancellationToken stopping)
    {
        var swap = new SegmentSwap(_directory, old[0].BaseOffset, _disk);
        var isCommitted = false;
        try
        {
            using (var output = new FileStream(swap.CleanedPath, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize))
            {
                compaction.Rewrite(old.SelectMany(s => s.Batches(bufferSize, stopping)), output);
                output.Flush(flushToDisk: true);
            }

            var (contents, stop) = SegmentScan.Run(swap.CleanedPath, SegmentContents.Empty(swap.BaseOffset), new ProducerStates(), new AbortedTransactions());
            if (stop is not ScanStop.EndOfFile || contents.NextOffset != old[^1].NextOffset)
                throw new IOException($"{swap.CleanedPath} is not what was written to it.");

            // The producers are those at the end of the last, which the records that are left do not tell any more.
            var producers = SegmentSnapshot.TryLoad(old[^1].Path) is { } before ? before.Producers : [];
            swap.Prepare(new SegmentSnapshot(contents, producers, _aborted.EndedFrom(swap.BaseOffset).FindAll(t => t.LastOffset < contents.NextOffset)));
            await writer.RunAsync(() => Attempt(() => Replace(contents))).ConfigureAwait(false);
        }
        finally
        {
            // A disk that was full of it has space again.
            if (!isCommitted)
                swap.Discard();
        }

        void Replace(SegmentContents contents)
        {
            // Retention may have been faster.
            if (!_segments.Contains(old[0]))
                return;
            swap.Commit();
            isCommitted = true;
            _unfinished = (swap, contents);
            FinishSwap();
        }
    }

    /// <summary>After an error of the disk it is called again before anything else is done to the log.</summary>
    private void FinishSwap()
    {
        if (_unfinished is not var (swap, contents))
            return;

        swap.Finish(contents.NextOffset);
        var old = Array.FindAll(_segments, s => s.BaseOffset >= swap.BaseOffset && s.BaseOffset < contents.NextOffset);
        var at = Array.IndexOf(_segments, old[0]);
        var replacement = new LogSegment(_directory, swap.BaseOffset, contents, _disk);
        _segments = [.. _segments[..at], replacement, .. _segments[(at + old.Length)..]];
        _unfinished = null;
        foreach (var segment in old)
            segment.Dispose();
        _logger.SegmentsCompacted(replacement.Path, old.Length, old.Sum(s => s.Length), contents.Length);
    }
}
