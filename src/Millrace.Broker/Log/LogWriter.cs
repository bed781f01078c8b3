using System.Diagnostics;

namespace Millrace.Broker.Log;

/// <summary>
/// Brings batches to disk. One thread for all partitions takes what has gathered and
/// <list type="number">
/// <item>stages: checks the sequence numbers and gives out offsets, in the order of arrival;</item>
/// <item>writes: one system call for each partition with something new;</item>
/// <item>settles the requests that do not wait for the disk;</item>
/// <item>flushes: one fsync for each of these partitions, for all requests together, and at the same time;</item>
/// <item>publishes: moves the high watermarks and wakes the fetches that wait;</item>
/// <item>settles the rest;</item>
/// <item>leaves behind, now and then, what makes the next start short.</item>
/// </list>
/// The order is the promise: nobody is told of, or reads, a record that is not on disk, except who asked for no such wait.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    private readonly CommitLoop<LogWork> _loop;
    private readonly BrokerMetrics _metrics;
    private readonly HashSet<PartitionLog> _dirty = [];
    private readonly List<PartitionLog> _toFlush = [];
    private readonly FlushCrew _flushCrew = new();

    public LogWriter(BrokerMetrics metrics)
    {
        _metrics = metrics;
        _loop = new CommitLoop<LogWork>("millrace-log-writer", Commit);
        _loop.Start();
    }

    /// <summary>Completes when the request is settled; false when the broker is stopping and took nothing.</summary>
    public async ValueTask<bool> AppendAsync(AppendRequest request)
    {
        if (!_loop.TryEnqueue(new LogWork(request, null)))
            return false;
        await request.Done.ConfigureAwait(false);
        return true;
    }

    /// <summary>Completes when the logs take no more and their files are closed.</summary>
    public Task DeleteAsync(IReadOnlyList<PartitionLog> logs) => RunAsync(() =>
    {
        foreach (var log in logs)
            log.Delete();
    });

    /// <summary>
    /// Runs something on this thread, between two rounds, when nothing is under way in any log. It must not throw. Does nothing when the
    /// broker is stopping.
    /// </summary>
    public Task RunAsync(Action action)
    {
        var task = new LogTask(action, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return _loop.TryEnqueue(new LogWork(null, task)) ? task.Done.Task : Task.CompletedTask;
    }

    public void Dispose()
    {
        _loop.Dispose();
        _flushCrew.Dispose();
    }

    private void Commit(List<LogWork> batch)
    {
        // 1. Stage.
        foreach (var work in batch)
        {
            if (work.Append is null)
                continue;
            foreach (var part in work.Append.Parts)
            {
                part.Log.Stage(part);
                _dirty.Add(part.Log);
            }
        }

        // 2. Write.
        foreach (var log in _dirty)
            log.Write();

        // 3. Settle who does not wait for the disk.
        foreach (var work in batch)
        {
            if (work.Append is { WaitsForDisk: false })
                work.Append.Settle();
        }

        // 4. Flush.
        foreach (var log in _dirty)
        {
            if (log.MustFlush)
                _toFlush.Add(log);
        }

        var started = Stopwatch.GetTimestamp();
        _flushCrew.Flush(_toFlush);
        if (_toFlush.Count > 0)
            _metrics.Flushed(Stopwatch.GetElapsedTime(started), batch.Count);

        // 5. Publish.
        foreach (var log in _dirty)
            log.Publish();

        // 6. Settle the rest.
        foreach (var work in batch)
        {
            if (work.Append is { WaitsForDisk: true })
                work.Append.Settle();
        }

        // 7. Leave snapshots behind: who waits for an answer does not wait for them.
        foreach (var log in _dirty)
            log.SaveSnapshotIfDue();

        _dirty.Clear();
        _toFlush.Clear();
        foreach (var work in batch)
            work.Task?.Run();
    }

    private readonly record struct LogWork(AppendRequest? Append, LogTask? Task);

    private sealed record LogTask(Action Action, TaskCompletionSource Done)
    {
        public void Run()
        {
            Action();
            Done.TrySetResult();
        }
    }
}
