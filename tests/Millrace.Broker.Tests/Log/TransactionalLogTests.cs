using Millrace.Broker.Log;
using Millrace.Protocol;

namespace Millrace.Broker.Tests.Log;

/// <summary>Transactions in one partition: who may write, what a reader of committed records sees, what a crash leaves.</summary>
public sealed class TransactionalLogTests
{
    private const long Producer = 7;

    [Fact]
    public async Task Stable_offset_stays_before_the_first_open_transaction_and_aborted_ones_are_told()
    {
        using var log = new TestLog();
        await log.AppendAsync("plain");
        log.Log.Admit(Producer, 0);
        log.Log.Admit(8, 0);
        await log.AppendTransactionalAsync(Producer, 0, 0, "a", "b");
        await log.AppendTransactionalAsync(8, 0, 0, "c");
        await log.AppendAsync("after");
        Assert.Equal((1, 5), (log.Log.LastStableOffset, log.Log.HighWatermark));

        await log.AppendMarkerAsync(8, 0, isCommit: true);
        Assert.Equal(1, log.Log.LastStableOffset);
        await log.AppendMarkerAsync(Producer, 0, isCommit: false);
        Assert.Equal((7, 7), (log.Log.LastStableOffset, log.Log.HighWatermark));
        for (var restart = 0; restart < 3; restart++)
        {
            Assert.Equal([new AbortedTransaction(Producer, 1, 6)], log.Log.AbortedBetween(0, 7));
            Assert.Empty(log.Log.AbortedBetween(7, 8));
            Assert.Empty(log.Log.AbortedBetween(0, 1));
            Assert.Equal(["plain", "a", "b", "c", "after"], log.Values(onlyCommitted: true));
            log.Restart(isClean: restart == 1);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Open_transaction_is_open_after_a_restart(bool isClean)
    {
        using var log = new TestLog();
        log.Log.Admit(Producer, 0);
        await log.AppendTransactionalAsync(Producer, 0, 0, "a");
        log.Restart(isClean);
        Assert.Equal((0, 1), (log.Log.LastStableOffset, log.Log.HighWatermark));
        await log.AppendMarkerAsync(Producer, 1, isCommit: false);
        Assert.Equal(2, log.Log.LastStableOffset);
        Assert.Single(log.Log.AbortedBetween(0, 2));
    }

    [Fact]
    public async Task Only_who_was_admitted_may_write_and_only_until_the_marker()
    {
        using var log = new TestLog();
        Assert.Equal(ErrorCode.InvalidTxnState, (await log.AppendTransactionalAsync(Producer, 0, 0, "a")).Error);
        log.Log.Admit(Producer, 0);
        Assert.Equal(ErrorCode.InvalidTxnState, (await log.AppendTransactionalAsync(Producer, 1, 0, "a")).Error);
        Assert.Equal(ErrorCode.None, (await log.AppendTransactionalAsync(Producer, 0, 0, "a")).Error);
        Assert.Equal(ErrorCode.InvalidTxnState, (await log.AppendAsync(Batches.Idempotent(Producer, 0, 1, "not in it"))).Error);

        await log.AppendMarkerAsync(Producer, 0, isCommit: true);
        Assert.Equal(ErrorCode.InvalidTxnState, (await log.AppendTransactionalAsync(Producer, 0, 1, "late")).Error);
        Assert.Equal(0, (await log.AppendTransactionalAsync(Producer, 0, 0, "a")).BaseOffset);
        log.Log.Admit(Producer, 0);
        Assert.Equal(ErrorCode.None, (await log.AppendTransactionalAsync(Producer, 0, 1, "next")).Error);
    }

    [Fact]
    public async Task Marker_under_a_higher_epoch_fences_the_producer()
    {
        using var log = new TestLog();
        log.Log.Admit(Producer, 0);
        await log.AppendTransactionalAsync(Producer, 0, 0, "a");
        await log.AppendMarkerAsync(Producer, 1, isCommit: false);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, (await log.AppendTransactionalAsync(Producer, 0, 1, "late")).Error);
        log.Log.Admit(Producer, 2);
        Assert.Equal(ErrorCode.None, (await log.AppendTransactionalAsync(Producer, 2, 0, "next")).Error);
    }

    [Fact]
    public async Task Transactions_over_several_segments_are_right_after_a_restart()
    {
        using var log = new TestLog();
        log.Log.Admit(Producer, 0);
        await log.AppendTransactionalAsync(Producer, 0, 0, "a" + new string('x', 3000));
        await log.AppendAsync(new string('y', 3000));
        await log.AppendTransactionalAsync(Producer, 0, 1, "b" + new string('x', 3000));
        await log.AppendMarkerAsync(Producer, 0, isCommit: false);
        await log.AppendAsync(new string('z', 3000));
        Assert.True(log.Segments >= 3);
        for (var restart = 0; restart < 2; restart++)
        {
            Assert.Equal([new AbortedTransaction(Producer, 0, 3)], log.Log.AbortedBetween(0, 5));
            Assert.Equal(5, log.Log.LastStableOffset);
            log.Restart();
        }
    }

    [Fact]
    public async Task End_of_a_transaction_wakes_who_waits_for_more_than_the_marker_has()
    {
        using var log = new TestLog();
        log.Log.Admit(Producer, 0);
        await log.AppendTransactionalAsync(Producer, 0, 0, new string('x', 2000));
        var waiter = new FetchWaiter(1500);
        log.Log.Watch(waiter);
        await log.AppendMarkerAsync(Producer, 0, isCommit: true);
        await waiter.Woken.WaitAsync(Millrace.Testing.Eventually.Limit, TestContext.Current.CancellationToken);
    }
}
