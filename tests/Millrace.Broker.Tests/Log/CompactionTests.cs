using System.Diagnostics;
using Millrace.Broker.Log;

namespace Millrace.Broker.Tests.Log;

/// <summary>Of each key the newest record stays, at its offset; nothing else that a reader can notice changes.</summary>
public sealed class CompactionTests
{
    private const long EnoughBytes = 1024 * 1024;

    /// <summary>Of Linux.</summary>
    private const int PipeCapacity = 64 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Less than a large record takes.</summary>
    private const int BufferSize = 1024;

    private static readonly string Large = new('x', 4000);
    private static readonly LogSettings Compacted = TestLog.Default with { IsCompacted = true, DeleteRetention = TimeSpan.FromHours(1) };

    [Fact]
    public async Task Newest_of_each_key_stays_at_its_offset_and_a_restart_changes_nothing()
    {
        using var log = new TestLog(Compacted);
        await log.AppendKeyedAsync(("a", "1"), ("b", "1"), ("c", "1"));
        await log.AppendKeyedAsync(("b", "2"));
        await log.AppendKeyedAsync(("a", "3"));
        await RollAsync(log);
        var size = log.Log.TotalBytes;
        Assert.True(log.Log.IsWorthCompacting);
        await log.Log.CompactAsync(log.Writer, EnoughBytes, BufferSize, CancellationToken.None);

        Assert.False(log.Log.IsWorthCompacting);
        (long, string?, string?)[] expected = [(2, "c", "1"), (3, "b", "2"), (4, "a", "3"), (5, "end", Large)];
        Assert.Equal(expected, log.ReadAll());
        Assert.True(log.Log.TotalBytes < size);
        log.Restart();
        Assert.Equal(expected, log.ReadAll());
        File.Delete(SegmentSnapshot.PathFor(LogSegment.PathOf(log.Directory, 0)));
        log.Restart();
        Assert.Equal(expected, log.ReadAll());
    }

    [Fact]
    public async Task Batches_that_are_emptied_leave_no_gap_and_are_stepped_over()
    {
        using var log = new TestLog(Compacted);
        for (var i = 0; i < 10; i++)
            await log.AppendKeyedAsync(("a", $"{i}"));
        await RollAsync(log);
        await log.Log.CompactAsync(log.Writer, EnoughBytes, BufferSize, CancellationToken.None);

        Assert.Equal([(9, "a", "9"), (10, "end", Large)], log.ReadAll());
        using var read = log.Log.Read(3, log.Log.HighWatermark, 10_000, atLeastOne: true);
        var first = Batches.HeaderOf(read.Bytes);
        Assert.Equal((0, 8, 0), (first.BaseOffset, first.LastOffset, first.RecordCount));
        var bytes = log.Log.TotalBytes;
        await RollAsync(log);
        await log.Log.CompactAsync(log.Writer, EnoughBytes, BufferSize, CancellationToken.None);
        Assert.True(log.Log.TotalBytes <= bytes + Large.Length + 200);
    }

    [Fact]
    public async Task Answer_has_a_record_although_whole_segments_were_emptied()
    {
        using var log = new TestLog(Compacted);
        for (var i = 0; i < 5; i++)
            await RollAsync(log);
        await log.Log.CompactAsync(log.Writer, EnoughBytes, BufferSize, CancellationToken.None);
        Assert.Equal([(3, "end", Large), (4, "end", Large)], log.ReadAll());

        using var read = log.Log.Read(0, log.Log.HighWatermark, 10_000, atLeastOne: true);
        Assert.Equal((3, 1), (Batches.HeaderOf(read.Bytes).LastOffset, Batches.HeaderOf(read.Bytes).RecordCount));
        using var before = log.Log.Read(0, 3, 10_000, atLeastOne: true);
        Assert.Equal(0, Batches.HeaderOf(before.Bytes).RecordCount);
    }

    [Fact]
    public async Task Record_without_a_value_stays_for_a_while_and_then_goes_with_its_key()
    {
        using var log = new TestLog(Compacted);
        await log.AppendKeyedAsync(("a", "1"));
        await log.AppendKeyedAsync(("a", null));
        await RollAsync(log);
        await log.Log.CompactAsync(log.Writer, EnoughBytes, BufferSize, CancellationToken.None);
        Assert.Equal([(1, "a", null), (2, "end", Large)], log.ReadAll());

        log.Time.Advance(TimeSpan.FromHours(2));
        await RollAsync(log);
        await log.Log.CompactAsync(log.Writer, EnoughBytes, BufferSize, CancellationToken.None);
        Assert.DoesNotContain("a", log.ReadAll().Select(r => r.Key));
    }

    [Fact]
    public async Task Keys_that_do_not_fit_the_memory_are_left_for_the_next_compaction()
    {
        using var log = new TestLog(Compacted);
        await log.AppendKeyedAsync(("a", "1"), ("b", "1"));
        await log.AppendKeyedAsync(("a", "2"));
        await log.AppendKeyedAsync(("b", null));
        await RollAsync(log);
        log.Time.Advance(TimeSpan.FromHours(2));

        // Room for one batch: that has each key once. The deletion of "b" is due, but what it deletes is not known yet.
        await log.Log.CompactAsync(log.Writer, maxBytesOfKeys: 1, BufferSize, CancellationToken.None);
        Assert.Equal([(0, "a", "1"), (1, "b", "1"), (2, "a", "2"), (3, "b", null), (4, "end", Large)], log.ReadAll());
        await log.Log.CompactAsync(log.Writer, maxBytesOfKeys: 1, BufferSize, CancellationToken.None);
        Assert.Equal([(1, "b", "1"), (2, "a", "2"), (3, "b", null), (4, "end", Large)], log.ReadAll());
        await log.Log.CompactAsync(log.Writer, maxBytesOfKeys: 1, BufferSize, CancellationToken.None);
        Assert.Equal([(2, "a", "2"), (4, "end", Large)], log.ReadAll());
        Assert.False(log.Log.IsWorthCompacting);
    }

    [Fact]
    public async Task Aborted_records_go_and_replace_nothing_and_open_transactions_are_waited_for()
    {
        using var log = new TestLog(Compacted);
        await log.AppendKeyedAsync(("k", "committed"));
        log.Log.Admit(7, 0);
        await AppendKeyedTransactionalAsync(log, "k", "aborted");
        await RollAsync(log);
        Assert.False(log.Log.IsWorthCompacting);
        await log.AppendMarkerAsync(7, 0, isCommit: false);
        await log.Log.CompactAsync(log.Writer, EnoughBytes, BufferSize, CancellationToken.None);
        Assert.Equal(["committed", Large], log.Values());
        Assert.Single(log.Log.AbortedBetween(0, 100));
    }

    [Fact]
    public async Task Marker_of_a_transaction_replaces_no_record_whose_key_has_the_bytes_of_its_own()
    {
        // Version 0 and type 1, a commit: also what Kafka's serializer makes of the integer 1.
        const string KeyOfCommit = "\0\0\0\u0001";
        using var log = new TestLog(Compacted);
        await log.AppendKeyedAsync((KeyOfCommit, "one"));
        log.Log.Admit(7, 0);
        await AppendKeyedTransactionalAsync(log, "k", "committed");
        await log.AppendMarkerAsync(7, 0, isCommit: true);
        await RollAsync(log);
        await log.Log.CompactAsync(log.Writer, EnoughBytes, BufferSize, CancellationToken.None);
        Assert.Equal([(0, KeyOfCommit, "one"), (1, "k", "committed"), (3, "end", Large)], log.ReadAll());
    }

    [Fact]
    public async Task Readers_that_are_on_their_way_are_not_disturbed()
    {
        using var log = new TestLog(Compacted);
        for (var i = 0; i < 50; i++)
            await log.AppendKeyedAsync(($"{i % 5}", $"{i}"));
        await RollAsync(log);
        using var done = new CancellationTokenSource();
        var reading = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                using var read = log.Log.Read(0, log.Log.HighWatermark, 1024 * 1024, atLeastOne: true);
                Assert.False(read.IsCorrupt);
            }
        });
        for (var i = 0; i < 10; i++)
        {
            await log.AppendKeyedAsync(("0", $"again{i}"));
            await RollAsync(log);
            await log.Log.CompactAsync(log.Writer, EnoughBytes, BufferSize, CancellationToken.None);
        }

        await done.CancelAsync();
        await reading;
    }

    [Fact]
    public async Task Stop_ends_it_between_two_batches_and_leaves_the_log_as_it_was()
    {
        var size = 100 * PipeCapacity;
        using var log = new TestLog(Compacted with { SegmentBytes = size });
        await log.AppendKeyedAsync(("a", "1"));
        await log.AppendKeyedAsync(("a", "2"));
        for (var i = 0; log.Segments == 1; i++)
            await log.AppendKeyedAsync(($"{i}", Large));
        var before = log.ReadAll();

        // In the place of the new file is a pipe: who writes to it waits for us, and is under way for as long as we like.
        var cleaned = new SegmentSwap(log.Directory, 0, log.Disk).CleanedPath;
        using (var make = Process.Start("mkfifo", cleaned))
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        using var stopping = new CancellationTokenSource();
        var compaction = Task.Run(() => log.Log.CompactAsync(log.Writer, EnoughBytes, BufferSize, stopping.Token), TestContext.Current.CancellationToken);
        var written = 0L;
        // Another process, because this one would lock what it opens.
        using (var cat = Process.Start(new ProcessStartInfo("cat", cleaned) { RedirectStandardOutput = true })!)
        {
            var buffer = new byte[PipeCapacity];
            var pipe = cat.StandardOutput.BaseStream;
            written += await pipe.ReadAsync(buffer, TestContext.Current.CancellationToken);
            await stopping.CancelAsync();
            while (await pipe.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var read)
                written += read;
        }

        await compaction.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.InRange(written, 1, size / 2);
        Assert.False(File.Exists(cleaned));
        Assert.Equal(before, log.ReadAll());
        Assert.True(log.Log.IsWorthCompacting);
        await log.Log.CompactAsync(log.Writer, EnoughBytes, BufferSize, CancellationToken.None);
        Assert.Equal(before.Skip(1), log.ReadAll());
    }

    private static async Task AppendKeyedTransactionalAsync(TestLog log, string key, string value)
    {
        using var builder = new Protocol.Records.RecordBatchBuilder
        {
            ProducerId = 7,
            ProducerEpoch = 0,
            BaseSequence = 0,
            Attributes = default(Protocol.Records.RecordBatchAttributes) with { IsTransactional = true },
        };
        builder.Append(1_000_000, System.Text.Encoding.UTF8.GetBytes(key), System.Text.Encoding.UTF8.GetBytes(value));
        Assert.Equal(Protocol.ErrorCode.None, (await log.AppendAsync(builder.Build())).Error);
    }

    /// <summary>What does not fit completes the segment before it.</summary>
    private static Task RollAsync(TestLog log) => log.AppendKeyedAsync(("end", Large));
}
