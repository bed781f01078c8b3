namespace Millrace.Hosting;

/// <summary>What has been started so far; stopped in the opposite order, each part even when one before it failed to stop.</summary>
internal sealed class StartedParts : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _parts = new();
    private readonly Lock _gate = new();

    public T Add<T>(T part)
        where T : IAsyncDisposable
    {
        lock (_gate)
            _parts.Push(part);
        return part;
    }

    public async ValueTask DisposeAsync()
    {
        List<Exception> failures = [];
        while (_parts.TryPop(out IAsyncDisposable? part))
        {
            try
            {
                await part.DisposeAsync();
            }
            catch (Exception e)
            {
                failures.Add(e);
            }
        }

        if (failures.Count > 0)
            throw new AggregateException(failures);
    }
}
