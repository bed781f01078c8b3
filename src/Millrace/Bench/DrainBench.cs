using System.Diagnostics;
using Millrace.Pipeline;
using Millrace.Schemas.Catalog;
using Npgsql;

namespace Millrace.Bench;

/// <summary>Drains full topics through the real pipeline, and sends the same rows through bare COPYs.</summary>
/// <param name="topic">Good events alone.</param>
/// <param name="withBad">As many, one in a hundred of them bad.</param>
internal sealed class DrainBench(BenchServers servers, PreloadedTopic topic, PreloadedTopic withBad)
{
    /// <param name="ResidentMb">Of this process at the end of the drain; only the first round's is free of what the bare COPY needed.</param>
    /// <param name="CpuUsPerEvent">Processor time of this process, broker and pipeline together, for each event.</param>
    public sealed record Round(DrainRound Rates, double ResidentMb, double CpuUsPerEvent);

    private readonly SchemaCatalog _schemas = BenchSchemas.Load();

    private sealed record Drain(double EventsPerSecond, double SlowFlushes, double ResidentMb, TimeSpan Cpu);

    /// <summary>
    /// 1. The plain drain, and the same with each event held against a schema, twice in the order plain, schema, schema, plain: a machine's speed drifts by more than the
    /// two differ, and so the drift weighs on both alike. 2. The same events again, now nothing but duplicates. 3. The same rows by bare COPY. 4. The topic
    /// with bad events.
    /// </summary>
    public async Task<Round> RunAsync(NpgsqlDataSource database, int number, CancellationToken cancellationToken)
    {
        var first = await DrainPlainAsync("first"); // 1
        var validated = Both(await DrainValidatedAsync("first"), await DrainValidatedAsync("second"));
        var plain = Both(first, await DrainPlainAsync("second"));

        await servers.SettleAsync(cancellationToken); // 2
        var duplicates = await DrainAsync(topic, $"{topic.Name}-{number}-again", SchemaCatalog.Empty, cancellationToken);

        var rows = await CopyBaseline.ReadRowsAsync(database, topic, cancellationToken); // 3
        if (rows.Count != topic.Count)
        {
            throw new BenchFailedException($"The drain stored {rows.Count} of {topic.Count} events: the figures are void.");
        }

        var copied = await CopyBaseline.MeasureAsync(servers, database, rows, connections: 1, cancellationToken);
        var copiedParallel = await CopyBaseline.MeasureAsync(servers, database, rows, topic.Partitions, cancellationToken);

        var bad = await DrainIntoEmptyAsync(withBad, $"{withBad.Name}-{number}", SchemaCatalog.Empty, cancellationToken); // 4

        return new Round(
            new DrainRound(
                plain.EventsPerSecond,
                copied,
                copiedParallel,
                plain.EventsPerSecond / copied,
                plain.EventsPerSecond / copiedParallel,
                plain.SlowFlushes,
                Compare(duplicates, plain),
                Compare(bad, plain),
                Compare(validated, plain)),
            first.ResidentMb,
            plain.Cpu.TotalMicroseconds / topic.Count);

        Task<Drain> DrainPlainAsync(string time) => DrainIntoEmptyAsync(topic, $"{topic.Name}-{number}-{time}", SchemaCatalog.Empty, cancellationToken);

        Task<Drain> DrainValidatedAsync(string time) => DrainIntoEmptyAsync(topic, $"{topic.Name}-{number}-{time}-validated", _schemas, cancellationToken);
    }

    /// <summary>Two drains of as many events as one: rates by the time that both took.</summary>
    private static Drain Both(Drain one, Drain other) => new(
        2 / ((1 / one.EventsPerSecond) + (1 / other.EventsPerSecond)),
        (one.SlowFlushes + other.SlowFlushes) / 2,
        Math.Max(one.ResidentMb, other.ResidentMb),
        (one.Cpu + other.Cpu) / 2);

    private static SpecialDrain Compare(Drain special, Drain plain) =>
        new(special.EventsPerSecond, special.EventsPerSecond / plain.EventsPerSecond, special.SlowFlushes);

    private async Task<Drain> DrainIntoEmptyAsync(PreloadedTopic from, string group, SchemaCatalog schemas, CancellationToken cancellationToken)
    {
        await servers.EmptyEventsAsync(cancellationToken);
        return await DrainAsync(from, group, schemas, cancellationToken);
    }

    /// <summary>Times from the assignment of the partitions to the commit of the last event.</summary>
    private async Task<Drain> DrainAsync(PreloadedTopic from, string group, SchemaCatalog schemas, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long flushed = 0, ended = 0;
        await using var pipeline = await servers.StartPipelineAsync(
            from.Name,
            group,
            schemas,
            flush =>
            {
                if (Interlocked.Add(ref flushed, flush.To - flush.From) >= from.Count)
                {
                    ended = Stopwatch.GetTimestamp();
                    done.TrySetResult();
                }
            },
            cancellationToken);

        await AssignmentAsync(pipeline, done.Task, cancellationToken);

        var (started, cpu) = (Stopwatch.GetTimestamp(), Machine.CpuTime());
        await done.Task.WaitAsync(cancellationToken);
        cpu = Machine.CpuTime() - cpu;
        var status = pipeline.GetStatus();
        if (!schemas.IsEmpty && status.DeadLetters > 0)
        {
            throw new BenchFailedException($"{status.DeadLetters} of {from.Count} events did not fit their schema: the figures are void.");
        }

        return new Drain(
            from.Count / Stopwatch.GetElapsedTime(started, ended).TotalSeconds,
            (double)status.SlowFlushes / status.Flushes,
            Machine.ResidentMegabytes(),
            cpu);
    }

    /// <summary>The timer ends with the wait: one that ticks a thousand times a second would be measured too.</summary>
    private static async Task AssignmentAsync(EventPipeline pipeline, Task done, CancellationToken cancellationToken)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (pipeline.GetStatus().Partitions.IsEmpty && !done.IsCompleted)
        {
            await poll.WaitForNextTickAsync(cancellationToken);
        }
    }
}
