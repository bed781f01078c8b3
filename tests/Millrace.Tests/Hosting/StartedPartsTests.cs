using Millrace.Hosting;

namespace Millrace.Tests.Hosting;

public sealed class StartedPartsTests
{
    [Fact]
    public async Task Parts_stop_in_the_opposite_order_even_when_one_fails()
    {
        var stopped = new List<string>();
        var parts = new StartedParts();
        parts.Add(new Part("first", stopped, fails: false));
        parts.Add(new Part("second", stopped, fails: true));
        parts.Add(new Part("third", stopped, fails: false));

        await Assert.ThrowsAsync<AggregateException>(async () => await parts.DisposeAsync());

        Assert.Equal(["third", "second", "first"], stopped);
    }

    private sealed class Part(string name, List<string> stopped, bool fails) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            stopped.Add(name);
            return fails ? ValueTask.FromException(new InvalidOperationException(name)) : ValueTask.CompletedTask;
        }
    }
}
