using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Broker.Log;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Tests.Log;

/// <summary>Small neighbours become one segment. Whatever ends the process in between, and whatever the disk does, each record is there once.</summary>
public sealed class SegmentSwapTests
{
    private const long EnoughBytes = 1024 * 1024;
    private const int BufferSize = 1024;
    private const long Producer = 7;

    /// <summary>Rename to .swap; two logs and two snapshots deleted; snapshot and log renamed.</summary>
    private const int Changes = 7;

    private static readonly LogSettings Compacted = TestLog.Default with { IsCompacted = true, SegmentAge = TimeSpan.FromHours(1) };

    [Fact]
    public async Task Small_neighbours_become_one_segment_up_to_the_size_of_one()
    {
        using var log = new TestLog(Compacted);
        foreach (var key in "abcde")
            await AppendSegmentAsync(log, $"{key}", new string(key, 1500));
        var expected = log.ReadAll();
        await log.Log.CompactAsync(log.Writer, EnoughBytes, BufferSize, CancellationToken.None);
        Assert.Equal(["0", "2", "4"], LogFiles(log.Directory));
        Assert.Equal(expected, log.ReadAll());
        log.Restart();
        Assert.Equal(expected, log.ReadAll());

        // What the first compaction has made smaller, the next one can put together.
        foreach (var key in "abc")
            await AppendSegmentAsync(log, $"{key}", "new");
        for (var i = 0; i < 3; i++)
        {
            await log.Log.CompactAsync(log.Writer, EnoughBytes, BufferSize, CancellationToken.None);
            await AppendSegmentAsync(log, "last", $"{i}");
        }

        Assert.Equal(["0", "9", "10"], LogFiles(log.Directory));
        await log.Log.CompactAsync(log.Writer, EnoughBytes, BufferSize, CancellationToken.None);
        Assert.Equal(["0", "10"], LogFiles(log.Directory));
        Assert.Equal("d e a b c last last", string.Join(' ', log.ReadAll().Select(r => r.Key)));
    }

    [Fact]
    public async Task Killed_at_any_step_it_finds_all_of_the_old_ones_or_the_new_one()
    {
        using var log = new TestLog(Compacted);
        var before = await PrepareAsync(log);
        var root = Directory.CreateTempSubdirectory("millrace-crash-").FullName;
        var crashes = new List<string>();
        log.Disk.BeforeChange = () => crashes.Add(Copy(log.Directory, Path.Combine(root, $"{crashes.Count}")));
        await log.Log.CompactAsync(log.Writer, EnoughBytes, BufferSize, CancellationToken.None);
        log.Disk.BeforeChange = null;
        crashes.Add(Copy(log.Directory, Path.Combine(root, "after")));
        var after = log.ReadAll();
        Assert.NotEqual(before, after);
        Assert.Equal(Changes + 1, crashes.Count);

        for (var i = 0; i < crashes.Count; i++)
        {
            // Before the first step nothing had changed; from there on everything has.
            using var found = PartitionLog.Open(crashes[i], Compacted, SystemDisk.Instance, TimeProvider.System, NullLogger.Instance);
            Assert.Equal(i == 0 ? before : after, TestLog.ReadAll(found));
            Assert.Equal(Producer, Assert.Single(found.Producers).Id);
            Assert.Equal(i == 0 ? 4 : 2, LogFiles(crashes[i]).Length);
            Assert.All(Directory.GetFiles(crashes[i]), file => Assert.True(Path.GetExtension(file) is ".log" or ".snapshot", file));
        }

        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Half_written_file_is_deleted_at_the_start()
    {
        using var log = new TestLog(Compacted);
        var before = await PrepareAsync(log);
        var path = LogSegment.PathOf(log.Directory, 0);
        File.WriteAllBytes(Path.ChangeExtension(path, ".cleaned"), File.ReadAllBytes(path)[..20]);
        File.WriteAllBytes(Path.ChangeExtension(path, ".snapshot.cleaned.tmp"), [1]);
        log.Restart();
        Assert.Equal(before, log.ReadAll());
        Assert.DoesNotContain(Directory.GetFiles(log.Directory), f => f.Contains("cleaned", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Disk_that_fails_at_any_step_is_made_up_for_when_it_is_back()
    {
        for (var failing = 0; failing < Changes; failing++)
        {
            using var log = new TestLog(Compacted);
            var before = await PrepareAsync(log);
            var step = 0;
            log.Disk.BeforeChange = () =>
            {
                if (step++ >= failing)
                    throw new IOException("Input/output error");
            };
            await log.Log.CompactAsync(log.Writer, EnoughBytes, BufferSize, CancellationToken.None);
            Assert.Equal(LogStatus.Failed, log.Log.Status);
            Assert.Equal(before, log.ReadAll());

            log.Disk.BeforeChange = null;
            log.Time.Advance(TimeSpan.FromSeconds(2));
            await log.AppendKeyedAsync(("last", "1"));
            var expected = log.ReadAll();
            Assert.Equal(failing == 0 ? before.Count + 1 : before.Count, expected.Count);
            log.Restart();
            Assert.Equal(expected, log.ReadAll());
            Assert.All(Directory.GetFiles(log.Directory), file => Assert.True(Path.GetExtension(file) is ".log" or ".snapshot", file));
        }
    }

    [Fact]
    public async Task Rotten_batch_is_left_alone_with_all_behind_it_and_stops_no_later_compaction()
    {
        using var log = new TestLog(Compacted);
        foreach (var value in "1234")
            await AppendSegmentAsync(log, "a", $"{value}");
        var path = LogSegment.PathOf(log.Directory, 1);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        await log.Log.CompactAsync(log.Writer, EnoughBytes, BufferSize, CancellationToken.None);
        Assert.Equal(bytes, File.ReadAllBytes(path));

        await log.Log.CompactAsync(log.Writer, EnoughBytes, BufferSize, CancellationToken.None);
        Assert.False(log.Log.IsWorthCompacting);
        Assert.Equal(["0", "1", "2", "3"], LogFiles(log.Directory));
    }

    /// <summary>Three small segments and the one being written; of what an idempotent producer wrote nothing will be left.</summary>
    private static async Task<List<(long Offset, string? Key, string? Value)>> PrepareAsync(TestLog log)
    {
        using var builder = new RecordBatchBuilder { ProducerId = Producer, ProducerEpoch = 0, BaseSequence = 0 };
        builder.Append(1_000_000, "a"u8.ToArray(), "1"u8.ToArray());
        await log.AppendAsync(builder.Build());
        await AppendSegmentAsync(log, "a", "2");
        await AppendSegmentAsync(log, "b", "1");
        await AppendSegmentAsync(log, "c", "1");
        return log.ReadAll();
    }

    private static Task AppendSegmentAsync(TestLog log, string key, string value)
    {
        log.Time.Advance(Compacted.SegmentAge);
        return log.AppendKeyedAsync((key, value));
    }

    private static string[] LogFiles(string directory) =>
        [.. Directory.GetFiles(directory, "*.log").Order(StringComparer.Ordinal).Select(f => Path.GetFileNameWithoutExtension(f).TrimStart('0').PadLeft(1, '0'))];

    private static string Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        return to;
    }
}
