namespace Millrace.Broker.Log;

/// <summary>A transaction that was aborted: its records lie from the first offset to the marker at the last.</summary>
internal readonly record struct AbortedTransaction(long ProducerId, long FirstOffset, long LastOffset);

/// <summary>The aborted transactions of a partition whose records are still there, in the order of their markers. One writer, many readers.</summary>
internal sealed class AbortedTransactions
{
    private readonly Lock _gate = new();
    private readonly List<AbortedTransaction> _all = [];

    public void Add(AbortedTransaction transaction)
    {
        lock (_gate)
            _all.Add(transaction);
    }

    /// <summary>What a consumer that reads from one offset up to another has to leave out.</summary>
    public List<AbortedTransaction> Between(long fetchOffset, long end)
    {
        lock (_gate)
            return _all.FindAll(t => t.LastOffset >= fetchOffset && t.FirstOffset < end);
    }

    /// <summary>Those that ended from an offset on: what the snapshot of the segment that begins there needs.</summary>
    public List<AbortedTransaction> EndedFrom(long offset)
    {
        lock (_gate)
            return _all.FindAll(t => t.LastOffset >= offset);
    }

    public void RemoveFrom(long offset)
    {
        lock (_gate)
            _all.RemoveAll(t => t.LastOffset >= offset);
    }

    /// <summary>Lets go of those whose marker is gone too.</summary>
    public void RemoveBefore(long offset)
    {
        lock (_gate)
            _all.RemoveAll(t => t.LastOffset < offset);
    }
}
