using System.Runtime.ExceptionServices;

namespace Millrace.Chaos;

/// <summary>Limits for what should always end, so that a run that hangs says where.</summary>
internal static class Limits
{
    /// <summary>For one part to end; longer than each has for itself.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(2);

    /// <exception cref="ChaosFailedException">It did not end in time. It may still be running.</exception>
    public static async Task WithinAsync(this Task work, TimeSpan limit, string what)
    {
        try
        {
            await work.WaitAsync(limit);
        }
        catch (TimeoutException e) when (!work.IsCompleted)
        {
            throw new ChaosFailedException($"{what} did not end within {limit.TotalSeconds:0} s.", e);
        }
    }

    /// <inheritdoc cref="WithinAsync(Task, TimeSpan, string)"/>
    public static async Task<T> WithinAsync<T>(this Task<T> work, TimeSpan limit, string what)
    {
        await WithinAsync((Task)work, limit, what);
        return await work;
    }

    /// <summary>
    /// Disposes of a client of Kafka. librdkafka is known to wait for ever for threads of its own after its brokers were killed; what was
    /// proven is proven by then, so that is remarked and not a failure.
    /// </summary>
    public static async Task LetGoAsync(IDisposable client, TimeSpan limit, string what, Action<string> remark)
    {
        try
        {
            await Task.Run(client.Dispose).WithinAsync(limit, what);
        }
        catch (ChaosFailedException e)
        {
            remark(e.Message);
        }
    }

    /// <summary>Ends all parts one after another, those after one that fails too.</summary>
    /// <exception cref="ChaosFailedException">The first one that did not end in time.</exception>
    public static async Task EndAllAsync(IEnumerable<IAsyncDisposable> parts)
    {
        Exception? first = null;
        foreach (var part in parts)
        {
            try
            {
                await part.DisposeAsync().AsTask().WithinAsync(EndLimit, part.GetType().Name);
            }
            catch (Exception e)
            {
                first ??= e;
            }
        }

        if (first is not null)
            ExceptionDispatchInfo.Throw(first);
    }
}
