namespace Millrace.Broker.Network;

/// <summary>
/// The memory that large requests and answers may take together. Who finds it used up waits until somebody gives some back,
/// first come, first served.
/// </summary>
internal sealed class MemoryBudget(long total)
{
    /// <summary>
    /// Buffers up to this size are not counted: there is about one for each connection, and connections are counted.
    /// </summary>
    public const int Uncounted = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<(long Bytes, TaskCompletionSource Granted)> _waiting = [];
    private readonly long _total = total;
    private long _left = total;

    /// <summary>Takes the memory at once or as soon as there is enough. One that asks for more than all gets all.</summary>
    public ValueTask TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        bytes = Math.Min(bytes, _total);
        TaskCompletionSource granted;
        lock (_gate)
        {
            if (_waiting.Count == 0 && bytes <= _left)
            {
                _left -= bytes;
                return ValueTask.CompletedTask;
            }

            granted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((bytes, granted));
        }

        return WaitAsync(granted, cancellationToken);
    }

    public void Return(long bytes)
    {
        lock (_gate)
        {
            _left += Math.Min(bytes, _total);
            while (_waiting.TryPeek(out var next) && (next.Bytes <= _left || next.Granted.Task.IsCompleted))
            {
                _waiting.Dequeue();
                if (next.Granted.TrySetResult())
                    _left -= next.Bytes;
            }
        }
    }

    private static async ValueTask WaitAsync(TaskCompletionSource granted, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(
            static state => ((TaskCompletionSource)state!).TrySetCanceled(), granted).ConfigureAwait(false);
        await granted.Task.ConfigureAwait(false);
    }
}
