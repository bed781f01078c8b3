using System.Diagnostics;
using System.Globalization;
using Millrace.Chaos.Load;
using Millrace.Chaos.Plan;
using Millrace.Chaos.Proof;
using Millrace.Chaos.Servers;

namespace Millrace.Chaos;

/// <summary>
/// One run against servers of its own, from outside: it knows processes, sockets, the Kafka protocol and the tables, and nothing of the code.
/// <para>1. Start Kafka, PostgreSQL and the consumers. 2. Load. 3. Carry out the plan meanwhile. 4. Stop the load and wait for its answers, with everything
/// healed. 5. Wait until the pipeline has drained. 6. Read topics and tables and compare.</para>
/// </summary>
internal sealed class ChaosRun(ChaosOptions options, Action<string> print, Action<string> tell)
{
    public const string Topic = "events";
    private const string DeadLetterTopic = "events.dlq";

    /// <summary>More than the longest of the retries and back-offs on the way.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>What a plan may take longer than it says: faults of one target wait for each other, and what was killed has to start.</summary>
    private static readonly TimeSpan HealLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ReadLimit = TimeSpan.FromMinutes(10);

    private readonly List<string> _faults = [];
    private readonly List<string> _remarks = [];
    private readonly Lock _lock = new();
    private readonly Stopwatch _clock = new();

    public static IReadOnlyList<Fault> Plan(ChaosOptions options) => FaultPlan.Create(
        options.Seed, options.Duration, options.Faults, options.Consumers, options.Kafka == KafkaKind.Real ? 3 : 1, Consumer.SessionTimeout);

    /// <exception cref="ChaosFailedException">It came to no verdict.</exception>
    public async Task<ChaosReport> RunAsync(CancellationToken cancellationToken)
    {
        // 1
        tell($"starting {(options.Kafka == KafkaKind.Real ? "three Kafka brokers" : "a broker")}, PostgreSQL and {options.Consumers} consumers in {options.Directory}");
        Directory.CreateDirectory(options.Directory);
        await using var system = await SystemUnderTest.StartAsync(options, Remark);
        if (options.Prepared is { } prepared)
            await prepared(system.Postgres.ConnectionString);

        // 2
        tell($"load: {options.Rate} events/s for {options.Duration.TotalMinutes:0.#} minutes, seed {options.Seed}");
        var names = new EventNames((uint)Random.Shared.Next(1, int.MaxValue));
        await using var load = LoadGenerator.Start(system, names, Topic, options, Remark);
        _clock.Start();

        // 3
        await new FaultInjector(system, OnHealed).RunAsync(Plan(options), cancellationToken).WithinAsync(options.Duration + HealLimit, "Healing the faults");
        if (options.Duration - _clock.Elapsed is var left && left > TimeSpan.Zero)
            await Task.Delay(left, cancellationToken);

        // 4
        tell("everything is healed; waiting for the last answers");
        await load.StopAsync(AnswerLimit).WithinAsync(2 * AnswerLimit, "Stopping the load");

        // 5 and 6
        var verdict = await CompareAsync(system, names, load.Sources, cancellationToken);
        return new ChaosReport(options.Seed, options.Kafka, options.Duration.TotalMinutes, _faults, _remarks, verdict);
    }

    /// <summary>
    /// Drains and reads again when the topic has grown while it was read: what nobody waits for any more can still arrive, such as an event whose
    /// HTTP client went away before it was acknowledged.
    /// </summary>
    private async Task<Verdict> CompareAsync(SystemUnderTest system, EventNames names, IReadOnlyList<Source> sources, CancellationToken cancellationToken)
    {
        var waiting = Stopwatch.StartNew();
        while (true)
        {
            tell("draining");
            var undrained = await DrainAsync(system, waiting, cancellationToken);
            tell("comparing");
            var topic = await Task.Run(() => TopicContentsReader.Read(system.Kafka.BootstrapServers, Topic, options.Partitions, DeadLetterTopic), cancellationToken)
                .WithinAsync(ReadLimit, "Reading the topic");
            var database = await DatabaseContentsReader.ReadAsync(system.Postgres.ConnectionString).WithinAsync(ReadLimit, "Reading the tables");
            var hasGrown = !(await EndsAsync(system, cancellationToken)).SequenceEqual(topic.Records.Select(partition => (long)partition.Count));
            if (!hasGrown || undrained.Count > 0 || waiting.Elapsed > options.DrainLimit)
                return new Comparison(names, sources, topic, database).Run(hasGrown ? [.. undrained, "the topic still grows"] : undrained);
        }
    }

    /// <summary>Gives the partitions that did not reach their end in time, and the dead letters that did not reach their topic.</summary>
    private async Task<IReadOnlyList<string>> DrainAsync(SystemUnderTest system, Stopwatch waiting, CancellationToken cancellationToken)
    {
        while (true)
        {
            var ends = await EndsAsync(system, cancellationToken);
            var positions = await DatabaseContentsReader.PositionsAsync(system.Postgres.ConnectionString, Topic);
            var behind = Enumerable.Range(0, ends.Count)
                .Where(partition => positions.GetValueOrDefault(partition) != ends[partition])
                .Select(partition => $"partition {partition} is at {positions.GetValueOrDefault(partition)} of {ends[partition]}")
                .ToList();
            if (await DatabaseContentsReader.UnrelayedAsync(system.Postgres.ConnectionString) is var unrelayed and > 0)
                behind.Add($"{unrelayed} dead letters have not been relayed");
            if (behind.Count == 0 || waiting.Elapsed > options.DrainLimit)
                return behind;
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    private Task<IReadOnlyList<long>> EndsAsync(SystemUnderTest system, CancellationToken cancellationToken) =>
        Task.Run(() => TopicContentsReader.EndOffsets(system.Kafka.BootstrapServers, Topic, options.Partitions), cancellationToken)
            .WithinAsync(ReadLimit, "Reading the ends of the topic");

    private void OnHealed(string line)
    {
        lock (_lock)
            _faults.Add(line);
        print(line);
    }

    private void Remark(string text)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed:mm\\:ss\\.f}  {text}");
        lock (_lock)
            _remarks.Add(line);
        tell(line);
    }
}
