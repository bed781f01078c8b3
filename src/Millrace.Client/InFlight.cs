namespace Millrace.Client;

/// <summary>
/// The bound on what has been handed over and is not acknowledged, in events and bytes. Who finds it full waits, first come first served,
/// so that a large event is not overtaken for ever by small ones.
/// </summary>
internal sealed class InFlight(int maxEvents, long maxBytes)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _events;
    private long _bytes;
    private bool _isClosed;

    /// <summary>Who waits for room.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    /// <summary>Takes room; gives it back with <see cref="Leave"/>.</summary>
    /// <exception cref="ObjectDisposedException">It was closed before.</exception>
    public async ValueTask EnterAsync(int bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<Waiter> node;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(MillraceProducer));
            if (_waiting.Count == 0 && Fits(bytes))
            {
                Take(bytes);
                return;
            }

            node = _waiting.AddLast(new Waiter(bytes));
        }

        await using (cancellationToken.Register(() => GiveUp(node, cancellationToken)).ConfigureAwait(false))
            await node.Value.Task.ConfigureAwait(false);
    }

    /// <summary>Gives room back.</summary>
    public void Leave(int bytes)
    {
        lock (_lock)
        {
            _events--;
            _bytes -= bytes;
            Admit();
        }
    }

    /// <summary>Lets nobody in any more; ends when everybody who came before has left.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _isClosed = true;
            Admit();
        }

        return _drained.Task;
    }

    private void GiveUp(LinkedListNode<Waiter> node, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Who was let in meanwhile stays in.
            if (node.List is null)
                return;
            _waiting.Remove(node);
            node.Value.SetCanceled(cancellationToken);
            Admit();
        }
    }

    private void Admit()
    {
        while (_waiting.First is { } first && Fits(first.Value.Bytes))
        {
            _waiting.RemoveFirst();
            Take(first.Value.Bytes);
            first.Value.SetResult();
        }

        if (_isClosed && _events == 0)
            _drained.TrySetResult();
    }

    private bool Fits(int bytes) => _events == 0 || (_events < maxEvents && _bytes + bytes <= maxBytes);

    private void Take(int bytes)
    {
        _events++;
        _bytes += bytes;
    }

    private sealed class Waiter(int bytes) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public int Bytes { get; } = bytes;
    }
}
