using Millrace.Pipeline.Read;

namespace Millrace.Pipeline.Tests.Read;

public sealed class InboxTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_that_has_gathered_is_taken_at_once()
    {
        var inbox = new Inbox(new LaneLimits(10, 1000));
        Add(inbox, 1, "a");
        Add(inbox, 2, "b");

        var taken = await inbox.TakeAsync(new RecordBuffer(), Timeout.InfiniteTimeSpan, Cancelled);

        Assert.Equal(2, taken!.Count);
        Assert.Equal(2, taken[1].Offset);
        Assert.Equal("b"u8, taken[1].Value);
    }

    [Fact]
    public async Task Take_waits_for_the_first_record()
    {
        var inbox = new Inbox(new LaneLimits(10, 1000));
        var taking = inbox.TakeAsync(new RecordBuffer(), Timeout.InfiniteTimeSpan, Cancelled);
        Assert.False(taking.IsCompleted);

        Add(inbox, 5, "a");

        Assert.Equal(5, (await taking)![0].Offset);
    }

    [Fact]
    public async Task Nothing_within_the_limit_gives_the_empty_buffer_back_and_what_comes_later_is_not_lost()
    {
        var inbox = new Inbox(new LaneLimits(10, 1000));
        var spare = new RecordBuffer();

        Assert.Same(spare, await inbox.TakeAsync(spare, TimeSpan.Zero, Cancelled));
        Assert.Equal(0, spare.Count);
        Add(inbox, 5, "a");

        Assert.Equal(5, (await inbox.TakeAsync(spare, TimeSpan.Zero, Cancelled))![0].Offset);
    }

    [Fact]
    public async Task Buffers_take_turns()
    {
        var inbox = new Inbox(new LaneLimits(10, 1000));
        var spare = new RecordBuffer();
        Add(inbox, 1, "a");
        var first = await inbox.TakeAsync(spare, Timeout.InfiniteTimeSpan, Cancelled);
        Add(inbox, 2, "b");

        var second = await inbox.TakeAsync(first!, Timeout.InfiniteTimeSpan, Cancelled);

        Assert.Same(spare, second);
        Assert.Equal(0, first!.Count);
    }

    [Theory]
    [InlineData(3, 1000, "a", 3)]
    [InlineData(100, 30, "0123456789", 3)]
    public async Task Inbox_is_full_at_either_limit_until_something_is_taken(int maxRecords, int maxBytes, string value, int fills)
    {
        var inbox = new Inbox(new LaneLimits(maxRecords, maxBytes));
        for (var i = 1; i < fills; i++)
            Assert.False(Add(inbox, i, value));
        Assert.True(Add(inbox, fills, value));
        Assert.True(inbox.IsFull);
        Assert.False(inbox.WaitForRoom(TimeSpan.FromMilliseconds(1), Cancelled));

        var waiting = Task.Run(() => inbox.WaitForRoom(TimeSpan.FromMinutes(1), Cancelled));
        await inbox.TakeAsync(new RecordBuffer(), Timeout.InfiniteTimeSpan, Cancelled);

        Assert.True(await waiting);
        Assert.False(inbox.IsFull);
    }

    [Fact]
    public async Task Completed_inbox_gives_what_it_has_and_then_ends()
    {
        var inbox = new Inbox(new LaneLimits(10, 1000));
        Add(inbox, 1, "a");
        inbox.Complete();
        inbox.Complete();
        Add(inbox, 2, "too late");

        var taken = await inbox.TakeAsync(new RecordBuffer(), Timeout.InfiniteTimeSpan, Cancelled);

        Assert.Equal(1, taken!.Count);
        Assert.Null(await inbox.TakeAsync(taken, Timeout.InfiniteTimeSpan, Cancelled));
    }

    [Fact]
    public async Task Completion_wakes_who_waits_for_a_record()
    {
        var inbox = new Inbox(new LaneLimits(10, 1000));
        var taking = inbox.TakeAsync(new RecordBuffer(), Timeout.InfiniteTimeSpan, Cancelled);

        inbox.Complete();

        Assert.Null(await taking);
    }

    [Fact]
    public async Task Records_that_are_added_while_others_are_taken_arrive_once_and_in_order()
    {
        const int count = 100_000;
        var inbox = new Inbox(new LaneLimits(1000, 1_000_000));
        var adding = Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < count; i++)
                {
                    if (Add(inbox, i, "value"))
                        Assert.True(inbox.WaitForRoom(TimeSpan.FromMinutes(1), Cancelled));
                }

                inbox.Complete();
            },
            Cancelled, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        var next = 0L;
        var spare = new RecordBuffer();
        while (await inbox.TakeAsync(spare, Timeout.InfiniteTimeSpan, Cancelled) is { } taken)
        {
            Assert.InRange(taken.Count, 1, 1000);
            for (var i = 0; i < taken.Count; i++)
                Assert.Equal(next++, taken[i].Offset);
            spare = taken;
        }

        await adding;
        Assert.Equal(count, next);
    }

    private static bool Add(Inbox inbox, long offset, string value) => inbox.Add(RecordBufferTests.Record(offset, null, value));
}
