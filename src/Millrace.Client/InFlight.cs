namespace Millrace.Client;

/// <summary>
/// The bound on what has been handed over and is not acknowledged, in events and bytes. Who finds it full waits, first come first served,
/// so that a large event is not overtaken for ever by small ones.
/// </summary>
/// <remarks>
/// What is let in is handed over before the next is looked at, under the lock: the events of one user are sent in the order in which they came,
/// also after a wait.
/// </remarks>
internal sealed class InFlight(int maxEvents, long maxBytes, Func<Delivery, bool> handOver)
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

    /// <summary>Waits for room and hands the event over; it gives the room back with <see cref="Leave"/> when it was taken.</summary>
    /// <exception cref="ObjectDisposedException">It was closed before.</exception>
    public async ValueTask EnterAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<Waiter> node;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(MillraceProducer));
            if (_waiting.Count == 0 && Fits(delivery))
            {
                Take(delivery);
                return;
            }

            node = _waiting.AddLast(new Waiter(delivery));
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
        while (_waiting.First is { } first && Fits(first.Value.Delivery))
        {
            _waiting.RemoveFirst();
            Take(first.Value.Delivery);
            first.Value.SetResult();
        }

        if (_isClosed && _events == 0)
            _drained.TrySetResult();
    }

    private bool Fits(Delivery delivery) => _events == 0 || (_events < maxEvents && _bytes + delivery.Bytes <= maxBytes);

    private void Take(Delivery delivery)
    {
        if (!handOver(delivery))
            return;
        _events++;
        _bytes += delivery.Bytes;
    }

    private sealed class Waiter(Delivery delivery) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public Delivery Delivery { get; } = delivery;
    }
}
