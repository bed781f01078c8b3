using System.Diagnostics;
using Xunit;

namespace Millrace.Testing;

/// <summary>Waits for a condition instead of for a time. The limit only ends a test that would hang.</summary>
public static class Eventually
{
    /// <summary>Long enough for a busy two-core machine; a passing test never waits for it.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? limit = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, limit);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null)
    {
        var clock = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        do
        {
            if (await condition())
            {
                return;
            }
        }
        while (clock.Elapsed < (limit ?? Limit) && await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken));

        Assert.Fail($"Not within {(limit ?? Limit).TotalSeconds:0} s: {what}.");
    }

    /// <summary>Waits until <paramref name="read"/> gives <paramref name="expected"/>; the failure shows the last value.</summary>
    public static async Task EqualAsync<T>(T expected, Func<Task<T>> read, string what, TimeSpan? limit = null)
    {
        var last = default(T);
        try
        {
            await TrueAsync(async () => EqualityComparer<T>.Default.Equals(last = await read(), expected), what, limit);
        }
        catch (Xunit.Sdk.FailException)
        {
            Assert.Fail($"Not within {(limit ?? Limit).TotalSeconds:0} s: {what}: expected {expected}, last seen {last}.");
        }
    }
}
