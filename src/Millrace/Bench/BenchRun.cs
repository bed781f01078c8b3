using Millrace.Commands.Generate;
using Npgsql;

namespace Millrace.Bench;

/// <summary>
/// The benchmark, from end to end on the real parts:
/// <list type="number">
/// <item>The disk's own fsync is timed.</item>
/// <item>A topic is filled with good events, and one with as many of which one in a hundred is bad.</item>
/// <item>A round that does not count warms up both sides: in the first seconds of a process the JIT has a core to itself.</item>
/// <item>In each round the pipeline drains the good ones into an empty table, twice as they are and twice against schemas, drains them again as duplicates, then the
/// same rows go through a bare COPY over one connection and over as many as there are lanes, and last the topic with bad events is drained.</item>
/// <item>At each rate events are sent and timed to their commit.</item>
/// </list>
/// Every measurement checks what it stored before it reports a figure.
/// </summary>
internal sealed class BenchRun(BenchOptions options, BenchServers servers, Action<string> progress)
{
    public async Task<BenchReport> RunAsync(CancellationToken cancellationToken)
    {
        progress("timing the disk's fsync"); // 1
        var fsync = FsyncProbe.Measure(servers.Folder);

        progress($"preloading two topics with {options.Events:N0} events"); // 2
        var generator = Generator(badShare: 0);
        var topic = await FillAsync("drain", generator, cancellationToken);
        var withBad = await FillAsync("bad", Generator(badShare: 0.01), cancellationToken);

        await using var database = NpgsqlDataSource.Create(servers.ConnectionString);
        var drain = new DrainBench(servers, topic, withBad);
        progress("warming up: a round that does not count");
        await drain.RunAsync(database, 0, cancellationToken); // 3

        var rounds = new List<DrainBench.Round>();
        for (var number = 1; number <= options.Rounds; number++) // 4
        {
            progress($"round {number} of {options.Rounds}: plain, with schemas, duplicates, bare COPY, one bad in a hundred");
            rounds.Add(await drain.RunAsync(database, number, cancellationToken));
        }

        var latencies = new List<LatencyResult>();
        foreach (var rate in options.Rates) // 5
        {
            progress($"latency at {rate:N0}/s for {options.Seconds} s");
            latencies.Add(await new LatencyBench(servers).RunAsync(
                database, await servers.CreateTopicAsync($"latency-{rate}"), generator, rate, TimeSpan.FromSeconds(options.Seconds), cancellationToken));
        }

        SpecialDrain Special(Func<DrainBench.Round, SpecialDrain> drain) => new(
            Median(round => drain(round).EventsPerSecond), Median(round => drain(round).Ratio), Median(round => drain(round).SlowFlushes));
        double Median(Func<DrainBench.Round, double> value) => Percentiles.Median(rounds.Select(value));
        return new BenchReport(
            new DrainResult(
                topic.Count,
                Median(round => round.Rates.EventsPerSecond),
                Median(round => round.Rates.CopyEventsPerSecond),
                Median(round => round.Rates.CopyParallelEventsPerSecond),
                Median(round => round.Rates.Ratio),
                Median(round => round.Rates.RatioParallel),
                Median(round => round.Rates.SlowFlushes),
                Special(round => round.Rates.Duplicates),
                Special(round => round.Rates.Bad),
                Special(round => round.Rates.Validated),
                topic.Partitions,
                [.. rounds.Select(round => round.Rates)]),
            latencies,
            fsync,
            rounds[0].ResidentMb,
            Median(round => round.CpuUsPerEvent),
            Machine.Describe(),
            Product.Commit ?? "unknown");
    }

    private static EventGenerator Generator(double badShare) =>
        new(new GeneratorSettings(Seed: 1, Users: 10_000, badShare, DateTimeOffset.UtcNow, TimeSpan.FromMicroseconds(100)));

    private async Task<PreloadedTopic> FillAsync(string purpose, EventGenerator generator, CancellationToken cancellationToken) =>
        PreloadedTopic.Fill(
            servers.BootstrapServers,
            await servers.CreateTopicAsync(purpose),
            BenchOptions.Partitions,
            Enumerable.Range(0, options.Events).Select(_ => generator.Next()),
            cancellationToken);
}
