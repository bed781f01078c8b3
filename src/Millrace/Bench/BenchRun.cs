using Millrace.Commands.Generate;
using Npgsql;

namespace Millrace.Bench;

/// <summary>
/// The benchmark, from end to end on the real parts:
/// <list type="number">
/// <item>The disk's own fsync is timed.</item>
/// <item>A topic is filled.</item>
/// <item>A round that does not count warms up both sides: in the first seconds of a process the JIT has a core to itself.</item>
/// <item>In each round the pipeline drains it into an empty table, then the same rows go through a bare COPY over one connection
/// and over as many as there are lanes.</item>
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

        progress($"preloading {options.Events:N0} events"); // 2
        var generator = new EventGenerator(new GeneratorSettings(Seed: 1, Users: 10_000, BadShare: 0, DateTimeOffset.UtcNow, TimeSpan.FromMicroseconds(100)));
        var topicName = await servers.CreateTopicAsync("drain");
        var topic = PreloadedTopic.Fill(
            servers.BootstrapServers, topicName, BenchOptions.Partitions, Enumerable.Range(0, options.Events).Select(_ => generator.Next()), cancellationToken);

        await using var database = NpgsqlDataSource.Create(servers.ConnectionString);
        var drain = new DrainBench(servers, topic);
        progress("warming up: a round that does not count");
        await drain.RunAsync(database, 0, cancellationToken); // 3

        var rounds = new List<DrainBench.Round>();
        for (var number = 1; number <= options.Rounds; number++) // 4
        {
            progress($"round {number} of {options.Rounds}: the pipeline, then the bare COPY");
            rounds.Add(await drain.RunAsync(database, number, cancellationToken));
        }

        var latencies = new List<LatencyResult>();
        foreach (var rate in options.Rates) // 5
        {
            progress($"latency at {rate:N0}/s for {options.Seconds} s");
            latencies.Add(await new LatencyBench(servers).RunAsync(
                database, await servers.CreateTopicAsync($"latency-{rate}"), generator, rate, TimeSpan.FromSeconds(options.Seconds), cancellationToken));
        }

        double Median(Func<DrainBench.Round, double> value) => Percentiles.Median(rounds.Select(value));
        return new BenchReport(
            new DrainResult(
                topic.Count,
                Median(round => round.Rates.EventsPerSecond),
                Median(round => round.Rates.CopyEventsPerSecond),
                Median(round => round.Rates.CopyParallelEventsPerSecond),
                Median(round => round.Rates.Ratio),
                Median(round => round.Rates.RatioParallel),
                topic.Partitions,
                [.. rounds.Select(round => round.Rates)]),
            latencies,
            fsync,
            rounds[0].ResidentMb,
            Median(round => round.CpuUsPerEvent),
            Machine.Describe(),
            Product.Commit ?? "unknown");
    }
}
