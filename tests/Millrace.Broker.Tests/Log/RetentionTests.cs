namespace Millrace.Broker.Tests.Log;

/// <summary>What a log gives up in time: by age, by size, on request.</summary>
public sealed class RetentionTests
{
    private static readonly string Large = new('x', 3000);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Segments_go_by_the_age_of_their_newest_record_also_the_one_being_written(bool flushesBeforeAnswer)
    {
        using var log = new TestLog(TestLog.Default with { IsDeleted = true, Retention = TimeSpan.FromHours(1), FlushesBeforeAnswer = flushesBeforeAnswer });
        await log.AppendAsync("old" + Large);
        log.Time.Advance(TimeSpan.FromMinutes(50));
        await log.AppendAsync("young" + Large);
        Assert.False(log.Log.HasExpired);

        log.Time.Advance(TimeSpan.FromMinutes(11));
        await ExpireAsync(log);
        Assert.Equal(1, log.Log.StartOffset);
        Assert.StartsWith("young", Assert.Single(log.Values()));
        log.Time.Advance(TimeSpan.FromHours(1));
        await ExpireAsync(log);
        Assert.Empty(log.Values());
        Assert.Equal((2, 2), (log.Log.StartOffset, log.Log.HighWatermark));

        log.Restart();
        Assert.Equal((2, 2), (log.Log.StartOffset, log.Log.HighWatermark));
        Assert.Equal(2, (await log.AppendAsync("next")).BaseOffset);
    }

    [Fact]
    public async Task Oldest_segments_go_as_long_as_enough_is_left()
    {
        using var log = new TestLog(TestLog.Default with { IsDeleted = true, RetentionBytes = 7000 });
        for (var i = 0; i < 6; i++)
            await log.AppendAsync($"{i}" + Large);
        await ExpireAsync(log);
        Assert.Equal(3, log.Log.StartOffset);
        Assert.Equal(3, log.Segments);
    }

    [Fact]
    public async Task Log_that_is_not_to_be_deleted_keeps_everything()
    {
        using var log = new TestLog(TestLog.Default with { IsDeleted = false, IsCompacted = true, Retention = TimeSpan.FromHours(1), RetentionBytes = 0 });
        for (var i = 0; i < 3; i++)
            await log.AppendAsync(Large);
        log.Time.Advance(TimeSpan.FromDays(1));
        await ExpireAsync(log);
        Assert.Equal(0, log.Log.StartOffset);
    }

    [Fact]
    public async Task Raised_start_hides_records_and_removes_segments_below_it()
    {
        using var log = new TestLog();
        for (var i = 0; i < 4; i++)
            await log.AppendAsync($"{i}" + Large);
        await log.AppendAsync("4");
        await log.Writer.RunAsync(() => log.Log.RaiseStart(2));
        Assert.Equal((2, 2), (log.Log.StartOffset, log.Segments));
        await log.Writer.RunAsync(() => log.Log.RaiseStart(5));
        Assert.Equal(5, log.Log.StartOffset);
        Assert.Empty(log.Values());
    }

    [Fact]
    public async Task Segment_is_complete_when_it_is_old()
    {
        using var log = new TestLog(TestLog.Default with { SegmentAge = TimeSpan.FromHours(1) });
        await log.AppendAsync("a");
        await log.AppendAsync("b");
        Assert.Equal(1, log.Segments);
        log.Time.Advance(TimeSpan.FromHours(1));
        await log.AppendAsync("c");
        Assert.Equal(2, log.Segments);
        Assert.Equal(["a", "b", "c"], log.Values());
    }

    private static Task ExpireAsync(TestLog log) => log.Writer.RunAsync(log.Log.Expire);
}
