using Microsoft.Extensions.Time.Testing;
using Millrace.Commands.Generate;

namespace Millrace.Tests.Commands.Generate;

public sealed class PacerTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Turns_come_at_the_rate_however_late_one_looks()
    {
        var pacer = new Pacer(1000, _time);

        _time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(10, await pacer.WaitAsync(CancellationToken.None));
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal(250, await pacer.WaitAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Turn_that_is_not_due_is_waited_for()
    {
        var pacer = new Pacer(10, _time);

        Task<int> waiting = pacer.WaitAsync(CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Equal(1, await waiting);
    }

    [Fact]
    public async Task Stall_is_made_up_for_by_a_second_at_most()
    {
        var pacer = new Pacer(100, _time);

        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(100, await pacer.WaitAsync(CancellationToken.None));
        _time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(2, await pacer.WaitAsync(CancellationToken.None));
    }
}
