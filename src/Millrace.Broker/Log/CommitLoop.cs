namespace Millrace.Broker.Log;

/// <summary>
/// Group commit: one thread takes everything that has gathered and commits it together; while it waits for the disk,
/// the next batch gathers. There is no timer and no batch size to tune: an idle disk commits at once, a busy one commits more.
/// </summary>
/// <remarks>
/// A thread of its own, because it spends its life blocked in write and fsync: on a machine with two cores two such
/// loops would take the whole thread pool. The queue needs no limit of its own: whoever enqueues waits for the outcome,
/// so it holds at most what the connections may have in flight.
/// </remarks>
/// <param name="name">The thread's name.</param>
/// <param name="commit">Commits the items. Must settle each of them, also when it fails, and must not throw.</param>
internal sealed class CommitLoop<T>(string name, Action<List<T>> commit) : IDisposable
{
    private readonly object _gate = new();
    private List<T> _gathering = [];
    private List<T> _committing = [];
    private bool _isCompleted;
    private Thread? _thread;

    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>False when the loop is completed and takes nothing more.</summary>
    public bool TryEnqueue(T item)
    {
        lock (_gate)
        {
            if (_isCompleted)
                return false;
            _gathering.Add(item);
            if (_gathering.Count == 1)
                Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Takes nothing more, commits what is there, and ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isCompleted = true;
            Monitor.Pulse(_gate);
        }

        _thread?.Join();
    }

    private void Run()
    {
        while (true)
        {
            lock (_gate)
            {
                while (_gathering.Count == 0)
                {
                    if (_isCompleted)
                        return;
                    Monitor.Wait(_gate);
                }

                (_gathering, _committing) = (_committing, _gathering);
            }

            commit(_committing);
            _committing.Clear();
        }
    }
}
