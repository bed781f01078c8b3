namespace Millrace.Broker.Network;

/// <summary>A part of the budget that grows with a buffer and is given back as a whole.</summary>
internal sealed class MemoryLease(MemoryBudget budget) : IDisposable
{
    private long _taken;

    /// <summary>Raises what is taken to what a buffer of this size needs.</summary>
    public async ValueTask GrowToAsync(long bufferSize, CancellationToken cancellationToken)
    {
        var needed = bufferSize <= MemoryBudget.Uncounted ? 0 : bufferSize;
        if (needed <= _taken)
            return;
        await budget.TakeAsync(needed - _taken, cancellationToken).ConfigureAwait(false);
        _taken = needed;
    }

    public void Dispose()
    {
        if (_taken > 0)
            budget.Return(_taken);
        _taken = 0;
    }
}
