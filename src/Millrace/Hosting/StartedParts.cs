namespace Millrace.Hosting;

/// <summary>What has been started so far; stopped in the opposite order, each part even when one before it failed to stop.</summary>
internal sealed class StartedParts : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _parts = new();
    private readonly Lock _gate = new();

    /// <summary>Runs a start that adds its parts here; what it gives owns them from then on.</summary>
    /// <exception cref="StartException">It cannot start, for a reason that is written for people. What had been started is stopped again.</exception>
    public static async Task<T> StartAsync<T>(Func<StartedParts, Task<T>> start)
    {
        var parts = new StartedParts();
        try
        {
            return await start(parts);
        }
        catch (Exception e)
        {
            await parts.DisposeAsync();
            if (StartFailure.Sentences(e) is { } sentences)
                throw new StartException(sentences, e);
            throw;
        }
    }

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
