using Microsoft.Extensions.Logging;
using Millrace.Pipeline.Check;
using Millrace.Pipeline.Ledger;
using Millrace.Pipeline.Parking;
using Millrace.Pipeline.Write;
using Npgsql;

namespace Millrace.Pipeline.Read;

/// <summary>
/// The way of one partition's records from the poll thread to the table, for as long as this process owns the partition. A lane is never
/// used again: when the partition comes back it gets a new one, so nothing that was buffered under an old assignment can be written.
/// </summary>
internal sealed class Lane
{
    // Such events may come by the thousand a second: the metric counts them, the log gives an example now and then.
    private static readonly TimeSpan SchemaWarningInterval = TimeSpan.FromMinutes(1);

    private readonly PartitionKey _key;
    private readonly PartitionWriter _writer;
    private readonly RecordCheck _check;
    private readonly ParkedUsers _parked;
    private readonly ParkedRelease _release;
    private readonly Metrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Inbox _inbox;
    private readonly CancellationTokenSource _abandon = new();
    private readonly Task _loop;
    private long _nextOffset;
    private int _state = (int)LaneState.Running;
    private volatile bool _discard;
    private string? _stranded;
    private long? _warnedAt;

    public Lane(
        PartitionKey key, Position position, PipelineOptions options, NpgsqlDataSource database, TimeProvider time, Metrics metrics, ILogger logger)
    {
        _key = key;
        Partition = key.Partition;
        Epoch = position.Epoch;
        _nextOffset = position.NextOffset ?? -1;
        _inbox = new Inbox(options.LaneLimits);
        _parked = new ParkedUsers(options.Parking, time);
        _check = new RecordCheck(key.Topic, key.Partition, _parked, options.Schemas, options.Hook);
        _writer = new PartitionWriter(database, key, position, _parked, options.Parking, time, logger);
        _release = new ParkedRelease(key, position.Epoch, _check, _parked, options.Parking, time);
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _loop = Task.Run(RunAsync);
    }

    public int Partition { get; }

    public long Epoch { get; }

    /// <summary>What the poll thread has noted about the partition.</summary>
    public LaneNotes Notes { get; } = new();

    public LaneState State => (LaneState)Volatile.Read(ref _state);

    /// <summary>The first offset that is not committed to PostgreSQL; -1 when nothing of the partition ever was.</summary>
    public long NextOffset => Volatile.Read(ref _nextOffset);

    /// <summary>Why the flush under way is not through, or why the lane stands; null when all is well.</summary>
    public string? Trouble => Volatile.Read(ref _stranded) ?? _writer.Trouble;

    /// <summary>How many events wait for their users.</summary>
    public int ParkedEvents => _parked.Events;

    /// <summary>Whether the loop has ended.</summary>
    public bool Ended => _loop.IsCompleted;

    /// <summary>What ended the loop although nothing should; null when nothing did.</summary>
    public Exception? Failure => _loop.Exception?.InnerException;

    /// <summary>Hands over a record; says whether the poll thread must wait for room before the next one.</summary>
    public bool Post(in Record record) => _inbox.Add(record);

    /// <summary>Whether there is room for records.</summary>
    public bool HasRoom => !_inbox.IsFull;

    /// <summary>Waits until there is room; false when there is none within <paramref name="limit"/>.</summary>
    public bool WaitForRoom(TimeSpan limit, CancellationToken cancellationToken) => _inbox.WaitForRoom(limit, cancellationToken);

    /// <summary>Takes nothing more and ends when all that was posted is committed.</summary>
    public Task DrainAsync()
    {
        _inbox.Complete();
        return _loop;
    }

    /// <summary>Takes nothing more and ends when the flush under way is through; what waits behind it is dropped, it is still in Kafka.</summary>
    public Task DiscardAsync()
    {
        _discard = true;
        return DrainAsync();
    }

    /// <summary>Gives up the flush under way too.</summary>
    public Task AbandonAsync()
    {
        _abandon.Cancel();
        return DiscardAsync();
    }

    /// <summary>Takes nothing more because the records that come next are not to be had; <paramref name="reason"/> is for the status.</summary>
    public void Strand(string reason)
    {
        Volatile.Write(ref _stranded, reason);
        TryLeaveRunning(LaneState.Stranded);
        _inbox.Complete();
    }

    /// <summary>
    /// 1. Learn who is parked. 2. Try a parked user again whose time has come, or whom a person wants tried now. 3. Take all that has gathered while the last transaction committed,
    /// never waiting for more. 4. Check each record. 5. Commit. 6. Only then the position has moved. From 2 over again until the inbox is
    /// completed or the partition turns out to be somebody else's.
    /// </summary>
    private async Task RunAsync()
    {
        var spare = new RecordBuffer();
        var batch = new Batch();
        try
        {
            await _writer.RunAsync(static (lane, connection, token) => lane.LoadParkedAsync(connection, token), this, _abandon.Token);
            while (!_discard)
            {
                if (_parked.ShouldLook)
                    await _writer.RunAsync(static (lane, connection, token) => lane.FindDueAsync(connection, token), this, _abandon.Token);
                if (_parked.TryFindDue(out var user) && !await TryReleaseAsync(user))
                    break;
                var records = await _inbox.TakeAsync(spare, _parked.UntilDue() ?? Timeout.InfiniteTimeSpan, _abandon.Token);
                if (records is null || _discard)
                    break;
                if (records.Count == 0)
                    continue;
                if (!await TryFlushAsync(records, batch))
                    break;
                spare = records;
            }
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            _logger.LaneAbandoned(Partition, NextOffset);
        }
        finally
        {
            TryLeaveRunning(LaneState.Stopped);
            _inbox.Complete();
            await _writer.DisposeAsync();
        }
    }

    private async ValueTask<bool> LoadParkedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ParkedTables.LoadAsync(connection, _key, _parked, cancellationToken);
        return true;
    }

    private async ValueTask<bool> FindDueAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ParkedTables.FindDueAsync(connection, _key, _parked, cancellationToken);
        return true;
    }

    /// <summary>False when the partition is somebody else's.</summary>
    private async Task<bool> TryReleaseAsync(byte[] user)
    {
        var result = await _writer.RunAsync(
            static (work, connection, token) => work.Release.RunAsync(connection, work.User, token), (Release: _release, User: user), _abandon.Token);
        if (result.Outcome == FlushOutcome.Fenced)
        {
            LeaveFenced(0, NextOffset);
            return false;
        }

        _metrics.Released(Partition, result);
        return true;
    }

    /// <summary>False when the partition is somebody else's.</summary>
    private async Task<bool> TryFlushAsync(RecordBuffer records, Batch batch)
    {
        var started = _metrics.Now();
        batch.Begin(records);
        for (var i = 0; i < records.Count; i++)
            _check.Add(i, records[i], batch);

        var result = await _writer.FlushAsync(batch, _abandon.Token);
        if (result.Outcome == FlushOutcome.Fenced)
        {
            LeaveFenced(records.Count, batch.FirstOffset);
            return false;
        }

        Volatile.Write(ref _nextOffset, batch.NextOffset);
        _metrics.Flushed(Partition, result, batch, started);
        if (batch.Warnings.Count > 0)
            WarnOfSchemas(batch);
        return true;
    }

    private void WarnOfSchemas(Batch batch)
    {
        _metrics.SchemaWarnings(Partition, batch.Warnings);
        if (_warnedAt is { } at && _time.GetElapsedTime(at) < SchemaWarningInterval)
            return;
        _warnedAt = _time.GetTimestamp();
        _logger.SchemaWarning(Partition, batch.Warnings.Values.Sum(), batch.FirstWarning);
    }

    private void LeaveFenced(int records, long firstOffset)
    {
        TryLeaveRunning(LaneState.Fenced);
        _logger.Fenced(Partition, Epoch, records, firstOffset);
        _metrics.Fenced(Partition);
    }

    private void TryLeaveRunning(LaneState next) => Interlocked.CompareExchange(ref _state, (int)next, (int)LaneState.Running);
}
