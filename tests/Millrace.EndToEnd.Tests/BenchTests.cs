using System.Text.Json;
using Millrace.Bench;
using Millrace.Testing;

namespace Millrace.EndToEnd.Tests;

/// <summary>That the benchmark measures what it says and writes the document that is promised. How fast it was is nobody's business here.</summary>
public sealed class BenchTests
{
    [Fact]
    public async Task Bench_on_servers_of_its_own_writes_the_documented_figures_and_leaves_nothing_behind()
    {
        var folder = Directory.CreateTempSubdirectory("millrace-e2e-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        }

        try
        {
            var run = await CommandLine.RunAsync(
                RunningMillrace.Executable,
                ["bench", "--events", "3000", "--rounds", "1", "--rates", "200", "--seconds", "1", "--json", "figures.json", "--format", "json"],
                limit: TimeSpan.FromMinutes(3),
                directory: folder);
            run.ShouldSucceed();

            var file = await File.ReadAllTextAsync(Path.Combine(folder, "figures.json"), TestContext.Current.CancellationToken);
            Assert.Equal(run.Output.Trim(), file.Trim());
            using var figures = JsonDocument.Parse(file);
            var root = figures.RootElement;
            var drain = root.GetProperty("drain");
            Assert.Equal(3000, drain.GetProperty("events").GetInt64());
            Assert.All(
                (string[])["events_per_second", "copy_events_per_second", "copy_parallel_events_per_second", "ratio", "ratio_parallel"],
                name => Assert.True(drain.GetProperty(name).GetDouble() > 0, name));
            Assert.All((string[])["duplicates", "bad", "validated"], name => Assert.True(drain.GetProperty(name).GetProperty("ratio").GetDouble() > 0, name));
            Assert.Equal(0, drain.GetProperty("slow_flushes").GetDouble());
            Assert.True(drain.GetProperty("duplicates").GetProperty("slow_flushes").GetDouble() > 0);
            var latency = Assert.Single(root.GetProperty("latency").EnumerateArray());
            Assert.Equal(200, latency.GetProperty("rate").GetInt32());
            Assert.Equal(0, latency.GetProperty("lost").GetInt64());
            Assert.Equal(0, latency.GetProperty("doubled").GetInt64());
            Assert.All((string[])["p50_ms", "p95_ms", "p99_ms", "max_ms"], name => Assert.True(latency.GetProperty(name).GetDouble() > 0, name));
            Assert.All((string[])["p50", "p99"], name => Assert.True(root.GetProperty("fsync_ms").GetProperty(name).GetDouble() > 0, name));
            Assert.All((string[])["rss_mb", "cpu_us_per_event"], name => Assert.True(root.GetProperty(name).GetDouble() > 0, name));
            Assert.All((string[])["machine", "commit"], name => Assert.NotEmpty(root.GetProperty(name).GetString()!));

            Assert.Equal(["figures.json"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(50, 2)]
    [InlineData(75, 3)]
    [InlineData(76, 4)]
    [InlineData(99, 4)]
    [InlineData(100, 4)]
    [InlineData(1, 1)]
    public void Percentile_is_the_nearest_rank_and_always_a_measured_value(double percent, double expected) =>
        Assert.Equal(expected, Percentiles.Of([1, 2, 3, 4], percent));

    [Fact]
    public void Percentile_of_nothing_is_refused() => Assert.Throws<ArgumentException>(() => Percentiles.Of([], 50));
}
