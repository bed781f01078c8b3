using Millrace.Protocol;

namespace Millrace.Broker.Tests.Log;

/// <summary>A disk that is full, or fails to flush: nothing is acknowledged that is not safe, readers go on, and it ends when the fault does.</summary>
public sealed class DiskFaultTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Producers_are_refused_readers_go_on_and_records_are_taken_again_when_the_disk_is_back(bool isFull)
    {
        using var log = new TestLog();
        await log.AppendAsync("a");
        log.Disk.IsFull = isFull;
        log.Disk.FailsToFlush = !isFull;
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(ErrorCode.KafkaStorageError, (await log.AppendAsync(Batches.Of("lost"))).Error);
            Assert.Equal(["a"], log.Values());
            log.Time.Advance(TimeSpan.FromSeconds(2));
        }

        log.Disk.IsFull = log.Disk.FailsToFlush = false;
        Assert.Equal(1, (await log.AppendAsync("b")).BaseOffset);
        Assert.Equal(["a", "b"], log.Values());
        log.Restart();
        Assert.Equal(["a", "b"], log.Values());
        Assert.Equal(2, (await log.AppendAsync("c")).BaseOffset);
    }

    [Fact]
    public async Task Records_that_a_killed_process_left_to_the_operating_system_are_flushed_before_they_are_read()
    {
        using var log = new TestLog(TestLog.Default with { FlushesBeforeAnswer = false });
        await log.AppendAsync("a");
        Assert.Equal(0, log.Disk.Flushes);

        log.Settings = TestLog.Default;
        log.Restart();
        Assert.Equal(1, log.Disk.Flushes);
        Assert.Equal(["a"], log.Values());
    }

    [Fact]
    public async Task Disk_that_was_full_is_left_alone_for_a_second()
    {
        using var log = new TestLog();
        log.Disk.IsFull = true;
        await log.AppendAsync(Batches.Of("lost"));
        log.Disk.IsFull = false;
        Assert.Equal(ErrorCode.KafkaStorageError, (await log.AppendAsync(Batches.Of("a"))).Error);
        log.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await log.AppendAsync("a")).BaseOffset);
    }

    [Fact]
    public async Task Failed_flush_is_never_made_up_for_by_a_later_one()
    {
        using var log = new TestLog();
        log.Disk.FailsToFlush = true;
        Assert.Equal(ErrorCode.KafkaStorageError, (await log.AppendAsync(Batches.Idempotent(7, 0, 0, "lost"))).Error);
        log.Disk.FailsToFlush = false;
        log.Time.Advance(TimeSpan.FromSeconds(1));

        // The same batch again is no duplicate: what was written of it does not count.
        var again = await log.AppendAsync(Batches.Idempotent(7, 0, 0, "kept"));
        Assert.Equal((ErrorCode.None, 0), (again.Error, again.BaseOffset));
        Assert.Equal(["kept"], log.Values());
        Assert.Equal(0, (await log.AppendAsync(Batches.Idempotent(7, 0, 0, "kept"))).BaseOffset);
        Assert.Equal(["kept"], log.Values());
    }

    [Fact]
    public async Task Producers_of_earlier_segments_are_known_after_the_fault()
    {
        using var log = new TestLog();
        await log.AppendAsync(Batches.Idempotent(7, 0, 0, new string('x', 4000)));
        await log.AppendAsync("b");
        log.Disk.IsFull = true;
        Assert.Equal(ErrorCode.KafkaStorageError, (await log.AppendAsync(Batches.Idempotent(7, 0, 1, "lost"))).Error);
        log.Disk.IsFull = false;
        log.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await log.AppendAsync(Batches.Idempotent(7, 0, 0, new string('x', 4000)))).BaseOffset);
        Assert.Equal(2, (await log.AppendAsync(Batches.Idempotent(7, 0, 1, "c"))).BaseOffset);
    }

    [Fact]
    public async Task Policy_os_answers_without_a_flush_and_strict_with_one()
    {
        using var log = new TestLog(TestLog.Default with { FlushesBeforeAnswer = false });
        await log.AppendAsync("a");
        Assert.Equal((0, 1), (log.Disk.Flushes, log.Log.HighWatermark));
        log.Log.Configure(TestLog.Default);
        await log.AppendAsync("b");
        Assert.Equal(1, log.Disk.Flushes);
    }
}
