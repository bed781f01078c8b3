using System.Collections.Concurrent;

namespace Millrace.Broker.Log;

/// <summary>
/// Flushes several logs at the same time. A file system commits its journal once for all who wait: on ext4 three files flushed
/// together take about as long as one, and one after the other ten times as long, on a busy disk.
/// </summary>
/// <remarks>Threads of its own, for the reason given at <see cref="CommitLoop{T}"/>; started when they are first needed.</remarks>
internal sealed class FlushCrew : IDisposable
{
    /// <summary>Enough to share journal commits; more would only queue in the file system.</summary>
    private const int MaxHelpers = 7;

    private readonly BlockingCollection<PartitionLog> _todo = [];
    private readonly List<Thread> _helpers = [];
    private readonly CountdownEvent _left = new(0);

    /// <summary>Returns when each of them is flushed, or marked as failed. To be called by one thread.</summary>
    public void Flush(List<PartitionLog> logs)
    {
        if (logs.Count == 0)
            return;

        StartHelpers(Math.Min(logs.Count - 1, MaxHelpers));
        _left.Reset(logs.Count - 1);
        for (var i = 1; i < logs.Count; i++)
            _todo.Add(logs[i]);
        logs[0].Flush();
        _left.Wait();
    }

    public void Dispose()
    {
        _todo.CompleteAdding();
        foreach (var helper in _helpers)
            helper.Join();
        _todo.Dispose();
        _left.Dispose();
    }

    private void StartHelpers(int wanted)
    {
        while (_helpers.Count < wanted)
        {
            var helper = new Thread(Help) { IsBackground = true, Name = "millrace-flush" };
            _helpers.Add(helper);
            helper.Start();
        }
    }

    private void Help()
    {
        foreach (var log in _todo.GetConsumingEnumerable())
        {
            log.Flush();
            _left.Signal();
        }
    }
}
