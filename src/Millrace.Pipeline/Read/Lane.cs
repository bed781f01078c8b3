using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Millrace.Pipeline.Check;
using Millrace.Pipeline.Ledger;
using Millrace.Pipeline.Write;

namespace Millrace.Pipeline.Read;

/// <summary>
/// The way of one partition's records from the poll thread to the table, for as long as this process owns the partition. A lane is never
/// used again: when the partition comes back it gets a new one, so nothing that was buffered under an old assignment can be written.
/// </summary>
/// <remarks>
/// The poll thread is the only one that posts and the only one that stops; the loop is the only one that takes. One record more than the
/// limits fits in, so that posting never has to wait: the poll thread looks at <see cref="IsFull"/> afterwards.
/// </remarks>
internal sealed class Lane
{
    private readonly PartitionKey _key;
    private readonly LaneLimits _limits;
    private readonly PartitionWriter _writer;
    private readonly RecordCheck _check;
    private readonly Metrics _metrics;
    private readonly ILogger _logger;
    private readonly Channel<LaneRecord> _records;
    private readonly CancellationTokenSource _abandon = new();
    private readonly ManualResetEventSlim _roomMade = new(false);
    private readonly Task _loop;
    private long _waitingBytes;
    private long _nextOffset;
    private long _beginOffset = -1;
    private long _endOffset = -1;
    private int _state = (int)LaneState.Running;
    private volatile bool _discard;
    private string? _stranded;

    public Lane(
        PartitionKey key, Position position, LaneLimits limits, PartitionWriter writer, Metrics metrics, ILogger logger)
    {
        _key = key;
        Epoch = position.Epoch;
        _nextOffset = position.NextOffset ?? -1;
        _limits = limits;
        _writer = writer;
        _check = new RecordCheck(key.Topic, key.Partition);
        _metrics = metrics;
        _logger = logger;
        _records = Channel.CreateBounded<LaneRecord>(new BoundedChannelOptions(limits.MaxWaitingRecords + 1)
        {
            SingleReader = true,
            SingleWriter = true,
        });
        _loop = Task.Run(RunAsync);
    }

    public int Partition => _key.Partition;

    public long Epoch { get; }

    public LaneState State => (LaneState)Volatile.Read(ref _state);

    /// <summary>The first offset that is not committed to PostgreSQL; -1 when nothing of the partition ever was.</summary>
    public long NextOffset => Volatile.Read(ref _nextOffset);

    /// <summary>Why the flush under way is not through, or why the lane stopped; null when all is well.</summary>
    public string? Trouble => _stranded ?? _writer.Trouble;

    /// <summary>The broker's end of the partition as last seen; -1 when unknown. Set by the poll thread.</summary>
    public long EndOffset
    {
        get => Volatile.Read(ref _endOffset);
        set => Volatile.Write(ref _endOffset, value);
    }

    /// <summary>The broker's first offset of the partition as last seen; -1 when unknown. Set by the poll thread.</summary>
    public long BeginOffset
    {
        get => Volatile.Read(ref _beginOffset);
        set => Volatile.Write(ref _beginOffset, value);
    }

    /// <summary>What Kafka was last told about this partition. The poll thread's own note.</summary>
    public long StoredOffset { get; set; } = -1;

    /// <summary>Whether fetching the partition is paused. The poll thread's own note.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Whether the loop has ended.</summary>
    public bool Ended => _loop.IsCompleted;

    /// <summary>What ended the loop although nothing should; null when nothing did.</summary>
    public Exception? Failure => _loop.Exception?.InnerException;

    /// <summary>Whether so little waits that a paused partition is worth resuming.</summary>
    public bool HasRoom =>
        _records.Reader.Count <= _limits.MaxWaitingRecords / 2 && Interlocked.Read(ref _waitingBytes) <= _limits.MaxWaitingBytes / 2;

    /// <summary>Whether the poll thread must not post more for now.</summary>
    public bool IsFull => _records.Reader.Count >= _limits.MaxWaitingRecords || Interlocked.Read(ref _waitingBytes) >= _limits.MaxWaitingBytes;

    /// <summary>Hands over a record. Not to be called while <see cref="IsFull"/>.</summary>
    public void Post(in LaneRecord record)
    {
        if (State != LaneState.Running)
            return;
        Interlocked.Add(ref _waitingBytes, record.Size);
        if (!_records.Writer.TryWrite(record) && State == LaneState.Running)
            throw new InvalidOperationException($"Partition {Partition}: a record was posted to a full lane.");
    }

    /// <summary>Waits until the lane is no longer full; false when it still is after <paramref name="limit"/>, true also when there is no use in waiting.</summary>
    public bool WaitForRoom(TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            _roomMade.Reset();
            return !IsFull || State != LaneState.Running || _roomMade.Wait(limit, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    /// <summary>Takes nothing more and ends when all that was posted is committed.</summary>
    public Task DrainAsync()
    {
        _records.Writer.TryComplete();
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

    /// <summary>Stops for good because the records that come next are not to be had; <paramref name="reason"/> is a sentence for the status.</summary>
    public void Strand(string reason)
    {
        _stranded = reason;
        if (Interlocked.CompareExchange(ref _state, (int)LaneState.Stranded, (int)LaneState.Running) == (int)LaneState.Running)
            _ = DrainAsync();
    }

    /// <summary>
    /// 1. Wait for a record. 2. Take all that has gathered while the last transaction committed, never waiting for more. 3. Check each.
    /// 4. Commit. 5. Only then the position has moved. Over again until the channel is completed or the partition belongs to somebody else.
    /// </summary>
    private async Task RunAsync()
    {
        var batch = new Batch();
        try
        {
            while (await _records.Reader.WaitToReadAsync(_abandon.Token))
            {
                if (_discard)
                    break;
                Gather(batch);
                var started = _metrics.Now();
                var result = await _writer.FlushAsync(batch, _abandon.Token);
                if (result.Outcome == FlushOutcome.Fenced)
                {
                    Volatile.Write(ref _state, (int)LaneState.Fenced);
                    _logger.Fenced(Partition, Epoch, batch.Count, batch.FirstOffset);
                    _metrics.Fenced(Partition);
                    break;
                }

                Volatile.Write(ref _nextOffset, batch.NextOffset);
                _metrics.Flushed(Partition, result, batch, started);
            }
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            _logger.LaneAbandoned(Partition, NextOffset);
        }
        finally
        {
            Interlocked.CompareExchange(ref _state, (int)LaneState.Stopped, (int)LaneState.Running);
            _records.Writer.TryComplete();
            _roomMade.Set();
            await _writer.DisposeAsync();
        }
    }

    private void Gather(Batch batch)
    {
        batch.Clear();
        while (batch.Count < _limits.MaxBatchRecords && batch.Bytes < _limits.MaxBatchBytes && _records.Reader.TryRead(out var record))
            _check.Add(record, batch);
        Interlocked.Add(ref _waitingBytes, -batch.Bytes);
        _roomMade.Set();
    }
}
