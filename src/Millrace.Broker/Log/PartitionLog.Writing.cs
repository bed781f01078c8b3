using Millrace.Protocol;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Log;

// Everything here runs on the log writer's thread, or while that waits for it.
internal sealed partial class PartitionLog
{
    /// <summary>After so many bytes the segment being written gets a snapshot: a crash then costs the reading of no more than that.</summary>
    private const long BytesBetweenSnapshots = 64 * 1024 * 1024;

    private readonly List<ReadOnlyMemory<byte>> _staged = [];
    private long _stagedBytes;
    private long _nextOffset;
    private long _publishableBytes;
    private long _lengthAtSnapshot;
    private bool _snapshotIsCurrent;
    private bool _transactionEnded;

    /// <summary>Decides about a batch and gives it its offset. It is written by <see cref="Write"/>.</summary>
    public void Stage(AppendPart part)
    {
        if (Status is LogStatus.Failed)
            ReopenIfItIsTime();
        if (Status is not LogStatus.Online)
        {
            part.Error = Status is LogStatus.Deleted ? ErrorCode.UnknownTopicOrPartition : ErrorCode.KafkaStorageError;
            return;
        }

        part.Error = Refusal(part, out var originalOffset);
        if (part.Error is not ErrorCode.None || originalOffset >= 0)
        {
            part.BaseOffset = originalOffset;
            return;
        }

        if (MustRoll(part.Batch.Length))
            Attempt(Roll);
        if (Status is not LogStatus.Online)
            return;

        var batch = part.Batch.Span;
        RecordBatchHeader.SetBaseOffset(batch, _nextOffset);
        RecordBatchHeader.SetPartitionLeaderEpoch(batch, LeaderEpoch.Constant);
        if (_settings.UsesLogAppendTime && !part.Header.Attributes.IsControl)
            part.LogAppendTimeMs = StampAppendTime(batch, part.Header.Attributes);

        Remember(part);
        TrimProducersIfMany();
        part.BaseOffset = _nextOffset;
        _nextOffset += part.Header.LastOffsetDelta + 1L;
        _staged.Add(part.Batch);
        _stagedBytes += part.Batch.Length;
    }

    /// <summary>Hands what is staged to the operating system.</summary>
    public void Write() => Attempt(WriteStaged);

    /// <summary>Whether what was written is to be on disk before somebody is told of it.</summary>
    public bool MustFlush => _settings.FlushesBeforeAnswer && Status is LogStatus.Online && !Active.IsFlushed;

    /// <summary>Waits until what was written is on disk.</summary>
    public void Flush() => Attempt(FlushActive);

    /// <summary>Shows what was written, and if it is to be so flushed, to the readers and wakes those who wait for it.</summary>
    public void Publish()
    {
        if (Status is not LogStatus.Online || _publishableBytes == 0)
            return;

        Active.MakeReadable();
        Volatile.Write(ref _newestTimestamp, Math.Max(_newestTimestamp, Active.MaxTimestamp));
        Volatile.Write(ref _highWatermark, Active.NextOffset);
        Volatile.Write(ref _lastStableOffset, _producers.FirstOpenTransaction ?? Active.NextOffset);
        lock (_waiters)
        {
            foreach (var waiter in _waiters)
            {
                // What a transaction's end makes readable may be any number of bytes that came before it.
                if (_transactionEnded)
                    waiter.Wake();
                else
                    waiter.OnAppended(_publishableBytes);
            }
        }

        _transactionEnded = false;
        _publishableBytes = 0;
    }

    /// <summary>To be called when everything that was written is published.</summary>
    public void SaveSnapshotIfDue()
    {
        if (Active.Length - _lengthAtSnapshot > BytesBetweenSnapshots)
            Attempt(SnapshotWhatIsOnDisk);
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
            Attempt(SnapshotWhatIsOnDisk);
    }

    /// <summary>The producers as they are now; to be called on the log writer's thread.</summary>
    public IReadOnlyList<ProducerState> Producers => [.. _producers.All];

    private ErrorCode Refusal(AppendPart part, out long originalOffset)
    {
        switch (_producers.Check(part.Header, out originalOffset))
        {
            case SequenceCheck.Duplicate:
                return ErrorCode.None;
            case SequenceCheck.OutOfOrder:
                return ErrorCode.OutOfOrderSequenceNumber;
            case SequenceCheck.StaleEpoch:
                return ErrorCode.InvalidProducerEpoch;
            case SequenceCheck.OutsideTransaction:
                return ErrorCode.InvalidTxnState;
            case SequenceCheck.Append:
                break;
            default:
                throw new InvalidOperationException("Unknown outcome of the sequence check.");
        }

        // The check is here, on the thread that also writes the marker, so that no batch can slip in behind its transaction's end.
        var attributes = part.Header.Attributes;
        if (!attributes.IsTransactional || attributes.IsControl)
            return ErrorCode.None;
        return _admitted.TryGetValue(part.Header.ProducerId, out var epoch) && epoch == part.Header.ProducerEpoch
            ? ErrorCode.None
            : ErrorCode.InvalidTxnState;
    }

    private void Remember(AppendPart part)
    {
        var now = _time.GetUtcNow();
        if (!part.Header.Attributes.IsControl)
        {
            _producers.Record(part.Header, _nextOffset, now);
            return;
        }

        _admitted.TryRemove(part.Header.ProducerId, out _);
        _transactionEnded = true;
        if (_producers.RecordMarker(part.Header, now) is { } start && ControlMarker.IsAbort(part.Batch))
            _aborted.Add(new AbortedTransaction(part.Header.ProducerId, start, _nextOffset));
    }

    private bool MustRoll(int batchLength)
    {
        var length = Active.Length + _stagedBytes;
        if (length == 0)
            return false;
        var isOld = _settings.SegmentAge > TimeSpan.Zero && Active.FirstAppend is { } first && _time.GetUtcNow() - first >= _settings.SegmentAge;
        return isOld || length + batchLength > _settings.SegmentBytes;
    }

    private void WriteStaged()
    {
        if (_staged.Count == 0)
            return;
        Active.Append(_staged);
        Active.FirstAppend ??= _time.GetUtcNow();
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
        SnapshotWhatIsOnDisk();
        Active.MakeReadable();
        _newestTimestamp = Math.Max(_newestTimestamp, Active.MaxTimestamp);

        var next = new LogSegment(_directory, Active.NextOffset, SegmentContents.Empty(Active.NextOffset), _disk);
        DirectorySync.Flush(_directory);
        _segments = [.. _segments, next];
        _lengthAtSnapshot = 0;
    }

    private void SnapshotWhatIsOnDisk()
    {
        FlushActive();
        _producers.Trim(_time.GetUtcNow(), _settings.MaxProducers);
        new SegmentSnapshot(Active.Contents, Producers, _aborted.EndedFrom(Active.BaseOffset)).Save(Active.Path);
        _lengthAtSnapshot = Active.Length;
        _snapshotIsCurrent = true;
    }

    /// <summary>
    /// An error of the disk takes the log out of service, and whatever was not published by then with it: after a failed fsync the
    /// operating system may have dropped the pages and would report success the next time, so nothing of it is ever acknowledged.
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
            _failedAt = _time.GetTimestamp();
            _staged.Clear();
            _stagedBytes = 0;
            _publishableBytes = 0;
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
