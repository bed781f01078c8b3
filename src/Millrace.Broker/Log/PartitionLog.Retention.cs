namespace Millrace.Broker.Log;

// Everything here runs on the log writer's thread.
internal sealed partial class PartitionLog
{
    /// <summary>Whether there may be something to give up. Cheap, and from any thread.</summary>
    public bool HasExpired => ExpiredSegments() > 0 || ActiveHasExpired();

    /// <summary>Gives up what is too old or too much, in whole segments, the oldest first.</summary>
    public void Expire()
    {
        if (Status is not LogStatus.Online)
            return;
        if (ActiveHasExpired())
            Attempt(Roll);

        var expired = ExpiredSegments();
        if (expired > 0)
            Attempt(() => RemoveFirst(expired));
    }

    /// <summary>Raises the start: nobody reads below it any more, and segments that lie wholly below it go. The caller has recorded it.</summary>
    public void RaiseStart(long offset)
    {
        if (offset <= StartOffset || Status is LogStatus.Deleted)
            return;
        Volatile.Write(ref _startOffset, Math.Min(offset, HighWatermark));
        var below = _segments.Take(_segments.Length - 1).TakeWhile(s => s.NextOffset <= StartOffset).Count();
        if (below > 0)
            Attempt(() => RemoveFirst(below));
    }

    private int ExpiredSegments()
    {
        var settings = _settings;
        if (!settings.IsDeleted)
            return 0;

        var segments = _segments;
        var left = segments.Sum(s => s.Length);
        var expired = 0;
        while (expired < segments.Length - 1 && (IsOld(segments[expired]) || IsTooMuch(segments[expired].Length)))
            left -= segments[expired++].Length;
        return expired;

        bool IsTooMuch(long length) => settings.RetentionBytes >= 0 && left - length >= settings.RetentionBytes;
    }

    /// <summary>The segment being written goes too when nothing in it is young enough, as in Kafka; a new one is begun for that.</summary>
    /// <remarks>
    /// From any thread, so whether a transaction is open is read from what was published: the producers are the writer's own. What no reader may see yet waits for its
    /// own flush; what they may see need not be on disk, where the log does not wait for that.
    /// </remarks>
    private bool ActiveHasExpired() =>
        _settings.IsDeleted && Active.Length > 0 && Active.ReadableLength == Active.Length && LastStableOffset == HighWatermark && IsOld(Active);

    private bool IsOld(LogSegment segment) =>
        _settings.Retention >= TimeSpan.Zero
        && segment.MaxTimestamp >= 0
        && _time.GetUtcNow().ToUnixTimeMilliseconds() - segment.MaxTimestamp > _settings.Retention.TotalMilliseconds;

    private void RemoveFirst(int count)
    {
        var removed = _segments[..count];
        _segments = _segments[count..];
        Volatile.Write(ref _startOffset, Math.Max(_startOffset, _segments[0].BaseOffset));
        _aborted.RemoveBefore(_segments[0].BaseOffset);
        foreach (var segment in removed)
        {
            // The oldest first, so that a crash leaves no gap. Readers that hold it see that it is closed and look again.
            segment.Dispose();
            File.Delete(segment.Path);
            File.Delete(SegmentSnapshot.PathFor(segment.Path));
        }

        DirectorySync.Flush(_directory);
        _logger.SegmentsRemoved(_directory, count, StartOffset);
    }
}
