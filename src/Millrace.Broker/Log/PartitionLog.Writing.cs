using Millrace.Protocol;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Log;

// Everything here runs on the log writer's thread, or while that waits for it.
internal sealed partial class PartitionLog
{
    private readonly List<ReadOnlyMemory<byte>> _staged = [];
    private long _stagedBytes;
    private long _nextOffset;
    private long _publishableBytes;
    private bool _snapshotIsCurrent;

    /// <summary>Decides about a batch and gives it its offset. It is written by <see cref="Write"/>.</summary>
    public void Stage(AppendPart part)
    {
        if (Status is not LogStatus.Online)
            return;

        switch (_producers.Check(part.Header, out var originalOffset))
        {
            case SequenceCheck.Duplicate:
                part.BaseOffset = originalOffset;
                return;
            case SequenceCheck.OutOfOrder:
                part.Error = ErrorCode.OutOfOrderSequenceNumber;
                return;
            case SequenceCheck.StaleEpoch:
                part.Error = ErrorCode.InvalidProducerEpoch;
                return;
            case SequenceCheck.Append:
                break;
            default:
                throw new InvalidOperationException("Unknown outcome of the sequence check.");
        }

        if (Active.Length + _stagedBytes + part.Batch.Length > _settings.SegmentBytes && Active.Length + _stagedBytes > 0)
            Attempt(Roll);

        var batch = part.Batch.Span;
        RecordBatchHeader.SetBaseOffset(batch, _nextOffset);
        RecordBatchHeader.SetPartitionLeaderEpoch(batch, LeaderEpoch.Constant);
        if (_settings.UsesLogAppendTime)
            part.LogAppendTimeMs = StampAppendTime(batch, part.Header.Attributes);

        _producers.Record(part.Header, _nextOffset, _time.GetUtcNow());
        TrimProducersIfMany();
        part.BaseOffset = _nextOffset;
        _nextOffset += part.Header.LastOffsetDelta + 1L;
        _staged.Add(part.Batch);
        _stagedBytes += part.Batch.Length;
    }

    /// <summary>Hands what is staged to the operating system.</summary>
    public void Write() => Attempt(WriteStaged);

    /// <summary>Waits until what was written is on disk.</summary>
    public void Flush() => Attempt(FlushActive);

    /// <summary>Shows what is on disk to the readers and wakes those who wait for it.</summary>
    public void Publish()
    {
        if (Status is not LogStatus.Online || _publishableBytes == 0)
            return;

        Volatile.Write(ref _newestTimestamp, Math.Max(_newestTimestamp, Active.MaxTimestamp));
        Volatile.Write(ref _highWatermark, Active.NextOffset);
        lock (_waiters)
        {
            foreach (var waiter in _waiters)
                waiter.OnAppended(_publishableBytes);
        }

        _publishableBytes = 0;
    }

    /// <summary>Takes the log out of use for good and closes its files.</summary>
    public void Delete()
    {
        _status = (int)LogStatus.Deleted;
        _staged.Clear();
        lock (_waiters)
        {
            foreach (var waiter in _waiters)
                waiter.Wake();
        }

        Dispose();
    }

    /// <summary>Leaves behind what spares the next start from reading the last segment.</summary>
    public void SaveSnapshot()
    {
        if (!_snapshotIsCurrent && Active.Length > 0)
            Attempt(() => new SegmentSnapshot(Active.Contents, [.. _producers.All]).Save(Active.Path));
    }

    private void WriteStaged()
    {
        if (_staged.Count == 0)
            return;
        Active.Append(_staged);
        _snapshotIsCurrent = false;
        _publishableBytes += _stagedBytes;
        _staged.Clear();
        _stagedBytes = 0;
    }

    private void FlushActive()
    {
        if (!Active.IsFlushed)
            Active.Flush();
    }

    /// <summary>Completes the active segment, all of it on disk, and begins the next.</summary>
    private void Roll()
    {
        WriteStaged();
        FlushActive();
        _newestTimestamp = Math.Max(_newestTimestamp, Active.MaxTimestamp);
        _producers.Trim(_time.GetUtcNow(), _settings.MaxProducers);
        new SegmentSnapshot(Active.Contents, [.. _producers.All]).Save(Active.Path);

        var next = new LogSegment(_directory, _nextOffset, SegmentContents.Empty(_nextOffset));
        DirectorySync.Flush(_directory);
        _segments = [.. _segments, next];
    }

    /// <summary>
    /// An error of the disk ends the log's work: after a failed fsync the operating system may have dropped the pages and
    /// would report success the next time, so nothing that followed could be trusted.
    /// </summary>
    private void Attempt(Action work)
    {
        if (Status is not LogStatus.Online)
            return;

        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _status = (int)LogStatus.Failed;
            _staged.Clear();
            _logger.LogFailed(_directory, e);
        }
    }

    private void TrimProducersIfMany()
    {
        // A tenth over the limit, so that a flood of new producers does not sort them all each time.
        if (_producers.All.Count > _settings.MaxProducers + (_settings.MaxProducers / 10) + 1)
            _producers.Trim(_time.GetUtcNow(), _settings.MaxProducers);
    }

    private long StampAppendTime(Span<byte> batch, RecordBatchAttributes attributes)
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        RecordBatchHeader.SetAttributes(batch, attributes with { IsLogAppendTime = true });
        RecordBatchHeader.SetMaxTimestamp(batch, now);
        RecordBatchHeader.SetCrc(batch);
        return now;
    }
}
