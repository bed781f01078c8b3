using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Broker.Log;
using Millrace.Protocol;

namespace Millrace.Broker.Tests.Log;

/// <summary>A partition's files, written and read without a network.</summary>
public sealed class PartitionLogTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("millrace-log-").FullName;
    private readonly BrokerMetrics _metrics = new();
    private LogWriter _writer;
    private PartitionLog _log;

    public PartitionLogTests()
    {
        _writer = new LogWriter(_metrics);
        _log = Open();
    }

    public void Dispose()
    {
        _writer.Dispose();
        _log.Dispose();
        _metrics.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Append_gives_out_offsets_in_order_and_readers_see_them()
    {
        Assert.Equal(0, (await AppendAsync(Batches.Of("a", "b"))).BaseOffset);
        Assert.Equal(2, (await AppendAsync(Batches.Of("c"))).BaseOffset);
        Assert.Equal(3, _log.HighWatermark);
        Assert.Equal([(0L, "a"), (1L, "b"), (2L, "c")], Read(0));
    }

    [Fact]
    public async Task Read_from_within_a_batch_gives_the_whole_batch()
    {
        await AppendAsync(Batches.Of("a", "b", "c"));
        await AppendAsync(Batches.Of("d"));
        Assert.Equal([(0L, "a"), (1L, "b"), (2L, "c"), (3L, "d")], Read(1));
        Assert.Equal([(3L, "d")], Read(3));
        Assert.Empty(Read(4));
    }

    [Fact]
    public async Task Read_respects_limit_but_gives_at_least_one_batch_when_asked()
    {
        var batch = Batches.Of(new string('x', 1000));
        for (var i = 0; i < 5; i++)
            await AppendAsync(batch.ToArray());
        Assert.Equal(2, Read(0, maxBytes: batch.Length * 3 - 1).Count);
        Assert.Equal(3, Read(0, maxBytes: batch.Length * 3).Count);
        Assert.Single(Read(0, maxBytes: 10, atLeastOne: true));
        Assert.Empty(Read(0, maxBytes: 10));
        Assert.Empty(Read(0, maxBytes: 0));
    }

    [Fact]
    public async Task First_batch_larger_than_limit_and_index_interval_is_read_whole()
    {
        await AppendAsync(Batches.Of("small"));
        await AppendAsync(Batches.Of(new string('x', 5 * SegmentIndex.Interval)));
        var (offset, value) = Assert.Single(Read(1, maxBytes: 1, atLeastOne: true));
        Assert.Equal((1, 5 * SegmentIndex.Interval), (offset, value.Length));
    }

    [Fact]
    public async Task Every_offset_is_found_over_many_index_entries_and_segments()
    {
        Reopen(segmentBytes: 64 * 1024);
        var random = new Random(1);
        for (var i = 0; i < 600; i++)
            await AppendAsync(Batches.Of([.. Enumerable.Range(0, random.Next(1, 4)).Select(n => $"{i}.{n}" + new string('x', random.Next(900)))]));
        Assert.True(Directory.GetFiles(_directory, "*.log").Length > 5);

        void Verify()
        {
            for (long offset = 0; offset < _log.HighWatermark; offset++)
            {
                var records = Read(offset, maxBytes: 4096, atLeastOne: true);
                Assert.Contains(records, r => r.Offset == offset);
                Assert.InRange(records[0].Offset, offset - 2, offset);
            }
        }

        Verify();
        Reopen(segmentBytes: 64 * 1024);
        Verify();
    }

    [Fact]
    public async Task Duplicate_is_answered_with_its_offset_and_not_written()
    {
        await AppendAsync(Batches.Of("other"));
        Assert.Equal(1, (await AppendAsync(Batches.Idempotent(7, 0, 0, "a"))).BaseOffset);
        Assert.Equal(2, (await AppendAsync(Batches.Idempotent(7, 0, 1, "b"))).BaseOffset);
        Assert.Equal(1, (await AppendAsync(Batches.Idempotent(7, 0, 0, "a"))).BaseOffset);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, (await AppendAsync(Batches.Idempotent(7, 0, 5, "x"))).Error);
        Assert.Equal(3, _log.HighWatermark);
    }

    [Fact]
    public async Task Duplicate_in_the_same_request_is_found()
    {
        var parts = new[] { Part(Batches.Idempotent(7, 0, 0, "a")), Part(Batches.Idempotent(7, 0, 0, "a")) };
        await _writer.AppendAsync(new AppendRequest(parts, waitsForDisk: true));
        Assert.Equal([0L, 0L], parts.Select(p => p.BaseOffset));
        Assert.Equal(1, _log.HighWatermark);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restart_keeps_records_and_still_knows_duplicates(bool isClean)
    {
        for (var i = 0; i < 20; i++)
            await AppendAsync(Batches.Idempotent(7, 0, i, $"v{i}"));
        Reopen(isClean: isClean);
        Assert.Equal(20, _log.HighWatermark);
        Assert.Equal(20, Read(0).Count);
        Assert.Equal(16, (await AppendAsync(Batches.Idempotent(7, 0, 16, "v16"))).BaseOffset);
        Assert.Equal(20, (await AppendAsync(Batches.Idempotent(7, 0, 20, "v20"))).BaseOffset);
    }

    [Fact]
    public async Task Restart_knows_duplicates_that_lie_in_an_earlier_segment()
    {
        Reopen(segmentBytes: 4096);
        await AppendAsync(Batches.Idempotent(7, 0, 0, new string('a', 3000)));
        await AppendAsync(Batches.Of(new string('b', 3000)));
        await AppendAsync(Batches.Of(new string('c', 3000)));
        Assert.Equal(3, Directory.GetFiles(_directory, "*.log").Length);
        Reopen(segmentBytes: 4096);
        Assert.Equal(0, (await AppendAsync(Batches.Idempotent(7, 0, 0, new string('a', 3000)))).BaseOffset);
        Assert.Equal(3, _log.HighWatermark);
    }

    [Fact]
    public async Task Torn_tail_is_cut_and_appending_goes_on_behind_it()
    {
        await AppendAsync(Batches.Of("a"));
        await AppendAsync(Batches.Of("b"));
        var file = LogSegment.PathOf(_directory, 0);
        var whole = new FileInfo(file).Length;
        for (var cut = 1; cut < 70; cut += 4)
        {
            Close();
            using (var stream = File.OpenWrite(file))
            {
                stream.Position = whole;
                stream.Write(Batches.Of("never acknowledged").AsSpan(0, cut));
            }

            OpenAgain();
            Assert.Equal(2, _log.HighWatermark);
            Assert.Equal(whole, new FileInfo(file).Length);
        }

        Assert.Equal(2, (await AppendAsync(Batches.Of("c"))).BaseOffset);
        Assert.Equal(["a", "b", "c"], Read(0).Select(r => r.Value));
    }

    [Theory]
    [InlineData(70)] // in the records: the checksum
    [InlineData(16)] // the magic byte
    [InlineData(7)] // the offset, which the checksum does not cover
    [InlineData(9)] // the length
    public async Task Corrupt_batch_is_cut_with_what_follows_and_kept_aside(int damageAt)
    {
        await AppendAsync(Batches.Of("good"));
        var good = new FileInfo(LogSegment.PathOf(_directory, 0)).Length;
        await AppendAsync(Batches.Of("damaged"));
        await AppendAsync(Batches.Of("behind"));
        Close();
        Damage(good + damageAt);
        OpenAgain();

        Assert.Equal(1, _log.HighWatermark);
        Assert.Equal(["good"], Read(0).Select(r => r.Value));
        Assert.Equal(good, new FileInfo(LogSegment.PathOf(_directory, 0)).Length);
        Assert.Equal(1, (await AppendAsync(Batches.Of("next"))).BaseOffset);
    }

    [Fact]
    public async Task Bytes_behind_a_corrupt_batch_stay_in_a_file_of_their_own()
    {
        await AppendAsync(Batches.Of("damaged"));
        await AppendAsync(Batches.Of("behind"));
        var bytes = File.ReadAllBytes(LogSegment.PathOf(_directory, 0));
        Close();
        Damage(70);
        OpenAgain();
        var kept = File.ReadAllBytes(Path.ChangeExtension(LogSegment.PathOf(_directory, 0), ".cut"));
        Assert.Equal(bytes[100..], kept[100..]);
    }

    [Fact]
    public async Task Zeros_at_the_end_are_cut()
    {
        // What a file system may leave of a write that a power cut interrupted.
        await AppendAsync(Batches.Of("a"));
        Close();
        using (var stream = File.OpenWrite(LogSegment.PathOf(_directory, 0)))
            stream.SetLength(stream.Length + 4096);
        OpenAgain();
        Assert.Equal(1, _log.HighWatermark);
    }

    [Fact]
    public async Task Damage_in_an_earlier_segment_is_told_to_who_reads_it_and_nothing_else_is_lost()
    {
        Reopen(segmentBytes: 4096);
        for (var i = 0; i < 3; i++)
            await AppendAsync(Batches.Of($"{i}" + new string('x', 3000)));
        Close();
        File.Delete(SegmentSnapshot.PathFor(LogSegment.PathOf(_directory, 1)));
        Damage(70, segment: 1);
        OpenAgain(4096);
        Assert.Equal(3, _log.HighWatermark);
        Assert.StartsWith("0x", Assert.Single(Read(0, maxBytes: 3500)).Value);
        Assert.True(_log.Read(1, 3, 1000, atLeastOne: true).IsCorrupt);
        Assert.StartsWith("2x", Assert.Single(Read(2)).Value);
        Assert.Equal(3, (await AppendAsync(Batches.Of("next"))).BaseOffset);
    }

    [Fact]
    public async Task Bytes_that_rot_while_the_broker_runs_reach_nobody()
    {
        for (var i = 0; i < 3; i++)
            await AppendAsync(Batches.Of($"{i}"));
        Damage(Batches.Of("0").Length + 65);
        Assert.Equal([(0L, "0")], Read(0));
        Assert.True(_log.Read(1, 3, 1000, atLeastOne: true).IsCorrupt);
        Assert.Equal([(2L, "2")], Read(2));
    }

    [Fact]
    public async Task Damaged_snapshot_is_ignored()
    {
        await AppendAsync(Batches.Idempotent(7, 0, 0, "a"));
        Close(isClean: true);
        var snapshot = SegmentSnapshot.PathFor(LogSegment.PathOf(_directory, 0));
        var bytes = File.ReadAllBytes(snapshot);
        bytes[^1] ^= 1;
        File.WriteAllBytes(snapshot, bytes);
        OpenAgain();
        Assert.Equal(0, (await AppendAsync(Batches.Idempotent(7, 0, 0, "a"))).BaseOffset);
        Assert.Equal(1, _log.HighWatermark);
    }

    [Fact]
    public async Task Lookup_by_time_finds_first_record_not_older()
    {
        Reopen(segmentBytes: 4096);
        for (var i = 0; i < 40; i++)
            await AppendAsync(Batches.At(i * 100, $"{i}", "second" + new string('x', 300)));

        // The second record of each batch is a millisecond younger than the first.
        Assert.Equal(new TimestampedOffset(0, 0), _log.FindByTimestamp(-5));
        Assert.Equal(new TimestampedOffset(700, 14), _log.FindByTimestamp(700));
        Assert.Equal(new TimestampedOffset(701, 15), _log.FindByTimestamp(701));
        Assert.Equal(new TimestampedOffset(800, 16), _log.FindByTimestamp(702));
        Assert.Equal(new TimestampedOffset(3901, 79), _log.FindByTimestamp(3901));
        Assert.Null(_log.FindByTimestamp(3902));
        Assert.Equal(new TimestampedOffset(3901, 79), _log.FindMaxTimestamp());
    }

    [Fact]
    public async Task Lookup_by_time_works_when_time_goes_back()
    {
        await AppendAsync(Batches.At(5000, "new"));
        await AppendAsync(Batches.At(1000, "old"));
        await AppendAsync(Batches.At(3000, "middle"));
        Assert.Equal(0, _log.FindByTimestamp(900)!.Value.Offset);
        Assert.Equal(0, _log.FindByTimestamp(4000)!.Value.Offset);
        Assert.Equal(0, _log.FindMaxTimestamp()!.Value.Offset);
        Assert.Null(_log.FindByTimestamp(6000));
    }

    [Fact]
    public void Empty_log_has_no_times()
    {
        Assert.Null(_log.FindByTimestamp(0));
        Assert.Null(_log.FindMaxTimestamp());
    }

    [Fact]
    public async Task Waiter_wakes_when_as_much_as_it_wants_has_come()
    {
        var size = Batches.Of("a").Length;
        var waiter = new FetchWaiter(2 * size);
        _log.Watch(waiter);
        await AppendAsync(Batches.Of("a"));
        Assert.False(waiter.Woken.IsCompleted);
        await AppendAsync(Batches.Of("b"));
        await waiter.Woken.WaitAsync(Millrace.Testing.Eventually.Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Deleted_log_wakes_waiters_and_takes_nothing()
    {
        var waiter = new FetchWaiter(1);
        _log.Watch(waiter);
        await _writer.DeleteAsync([_log]);
        await waiter.Woken.WaitAsync(Millrace.Testing.Eventually.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await AppendAsync(Batches.Of("a"))).Error);
    }

    [Fact]
    public async Task Disk_error_fails_the_log_and_never_acknowledges()
    {
        await AppendAsync(Batches.Of("a"));
        Reopen(segmentBytes: 4096);

        // The next segment cannot be made where a directory has its name.
        Directory.CreateDirectory(LogSegment.PathOf(_directory, 1));
        Assert.Equal(ErrorCode.KafkaStorageError, (await AppendAsync(Batches.Of(new string('x', 4090)))).Error);
        Assert.Equal(ErrorCode.KafkaStorageError, (await AppendAsync(Batches.Of("b"))).Error);
        Assert.Equal(LogStatus.Failed, _log.Status);
        Assert.Equal(1, _log.HighWatermark);
        Assert.Equal(["a"], Read(0).Select(r => r.Value));
    }

    [Fact]
    public async Task Append_time_is_stamped_when_the_topic_wants_it()
    {
        Reopen(usesLogAppendTime: true);
        var part = await AppendAsync(Batches.At(5, "a"));
        Assert.True(part.LogAppendTimeMs > 5);
        using var records = _log.Read(0, _log.HighWatermark, 1000, atLeastOne: true);
        var header = Batches.HeaderOf(records.Bytes);
        Assert.True(header.Attributes.IsLogAppendTime);
        Assert.Equal(part.LogAppendTimeMs, header.MaxTimestamp);
        Assert.Equal([(0L, "a")], Batches.Read(records.Bytes));
    }

    private PartitionLog Open(int segmentBytes = 1024 * 1024, bool usesLogAppendTime = false) => PartitionLog.Open(
        _directory,
        new LogSettings { SegmentBytes = segmentBytes, MaxProducers = 100, UsesLogAppendTime = usesLogAppendTime },
        SystemDisk.Instance,
        TimeProvider.System,
        NullLogger.Instance);

    private void Close(bool isClean = false)
    {
        _writer.Dispose();
        if (isClean)
            _log.SaveSnapshot();
        _log.Dispose();
    }

    private void OpenAgain(int segmentBytes = 1024 * 1024, bool usesLogAppendTime = false)
    {
        _writer = new LogWriter(_metrics);
        _log = Open(segmentBytes, usesLogAppendTime);
    }

    private void Reopen(int segmentBytes = 1024 * 1024, bool isClean = false, bool usesLogAppendTime = false)
    {
        Close(isClean);
        OpenAgain(segmentBytes, usesLogAppendTime);
    }

    private void Damage(long position, long segment = 0)
    {
        using var stream = File.Open(LogSegment.PathOf(_directory, segment), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = position;
        var value = stream.ReadByte();
        stream.Position = position;
        stream.WriteByte((byte)(value ^ 0x41));
    }

    private AppendPart Part(byte[] batch) => new(_log, batch, Batches.HeaderOf(batch));

    private async Task<AppendPart> AppendAsync(byte[] batch)
    {
        var part = Part(batch);
        Assert.True(await _writer.AppendAsync(new AppendRequest([part], waitsForDisk: true)));
        return part;
    }

    private List<(long Offset, string Value)> Read(long offset, int maxBytes = 1024 * 1024, bool atLeastOne = false)
    {
        using var records = _log.Read(offset, _log.HighWatermark, maxBytes, atLeastOne);
        return Batches.Read(records.Bytes);
    }
}
