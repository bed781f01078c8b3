using Microsoft.Extensions.Logging;
using Millrace.Pipeline.Check;
using Millrace.Pipeline.Ledger;
using Millrace.Pipeline.Write;

namespace Millrace.Pipeline.Read;

/// <summary>
/// The way of one partition's records from the poll thread to the table, for as long as this process owns the partition. A lane is never
/// used again: when the partition comes back it gets a new one, so nothing that was buffered under an old assignment can be written.
/// </summary>
internal sealed class Lane
{
    private readonly PartitionWriter _writer;
    private readonly RecordCheck _check;
    private readonly Metrics _metrics;
    private readonly ILogger _logger;
    private readonly Inbox _inbox;
    private readonly CancellationTokenSource _abandon = new();
    private readonly Task _loop;
    private long _nextOffset;
    private int _state = (int)LaneState.Running;
    private volatile bool _discard;
    private string? _stranded;

    public Lane(PartitionKey key, Position position, LaneLimits limits, PartitionWriter writer, Metrics metrics, ILogger logger)
    {
        Partition = key.Partition;
        Epoch = position.Epoch;
        _nextOffset = position.NextOffset ?? -1;
        _inbox = new Inbox(limits);
        _writer = writer;
        _check = new RecordCheck(key.Topic, key.Partition);
        _metrics = metrics;
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
    /// 1. Take all that has gathered while the last transaction committed, never waiting for more. 2. Check each record. 3. Commit.
    /// 4. Only then the position has moved. Over again until the inbox is completed or the partition turns out to be somebody else's.
    /// </summary>
    private async Task RunAsync()
    {
        var spare = new RecordBuffer();
        var batch = new Batch();
        try
        {
            while (await _inbox.TakeAsync(spare, _abandon.Token) is { } records && !_discard)
            {
                var started = _metrics.Now();
                batch.Begin(records);
                for (var i = 0; i < records.Count; i++)
                    _check.Add(i, records[i], batch);

                var result = await _writer.FlushAsync(batch, _abandon.Token);
                if (result.Outcome == FlushOutcome.Fenced)
                {
                    TryLeaveRunning(LaneState.Fenced);
                    _logger.Fenced(Partition, Epoch, records.Count, batch.FirstOffset);
                    _metrics.Fenced(Partition);
                    break;
                }

                Volatile.Write(ref _nextOffset, batch.NextOffset);
                _metrics.Flushed(Partition, result, batch, started);
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

    private void TryLeaveRunning(LaneState next) => Interlocked.CompareExchange(ref _state, (int)next, (int)LaneState.Running);
}
