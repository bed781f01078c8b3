namespace Millrace.Chaos.Tests;

public sealed class LimitsTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(10);

    [Fact]
    public async Task What_does_not_end_in_time_is_named()
    {
        var failure = await Assert.ThrowsAsync<ChaosFailedException>(() => new TaskCompletionSource().Task.WithinAsync(Short, "Draining"));

        Assert.Equal("Draining did not end within 0 s.", failure.Message);
    }

    [Fact]
    public async Task Time_limit_of_the_work_itself_is_not_mistaken_for_ours() =>
        await Assert.ThrowsAsync<TimeoutException>(() => Task.FromException(new TimeoutException()).WithinAsync(Short, "Draining"));

    [Fact]
    public async Task Parts_after_one_that_fails_are_ended_too()
    {
        var ended = new List<string>();
        var parts = new Part[]
        {
            new(() => ended.Add("first")),
            new(() => throw new InvalidOperationException("second")),
            new(() => throw new InvalidOperationException("third")),
            new(() => ended.Add("last")),
        };

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => Limits.EndAllAsync(parts));

        Assert.Equal("second", failure.Message);
        Assert.Equal(["first", "last"], ended);
    }

    [Fact]
    public async Task Client_that_does_not_end_is_remarked_and_left()
    {
        var release = new ManualResetEventSlim();
        var remarks = new List<string>();

        await Limits.LetGoAsync(new Client(release.Wait), Short, "the producer", remarks.Add);
        release.Set();

        Assert.Equal(["the producer did not end within 0 s."], remarks);
    }

    private sealed class Client(Action end) : IDisposable
    {
        public void Dispose() => end();
    }

    private sealed class Part(Action end) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            end();
        }
    }
}
