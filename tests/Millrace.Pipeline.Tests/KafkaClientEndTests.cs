namespace Millrace.Pipeline.Tests;

public sealed class KafkaClientEndTests
{
    [Fact]
    public void Client_that_ends_has_ended()
    {
        var hasEnded = false;
        Assert.True(KafkaClientEnd.TryEnd(() => hasEnded = true));
        Assert.True(hasEnded);
    }

    [Fact]
    public void What_the_end_throws_is_thrown() =>
        Assert.Equal("no", Assert.Throws<InvalidOperationException>(() => KafkaClientEnd.TryEnd(() => throw new InvalidOperationException("no"))).Message);

    [Fact]
    public void Client_that_never_ends_is_left_behind()
    {
        var never = new TaskCompletionSource();
        Assert.False(KafkaClientEnd.TryEnd(never.Task.Wait, TimeSpan.FromMilliseconds(1)));
        never.SetResult();
    }
}
