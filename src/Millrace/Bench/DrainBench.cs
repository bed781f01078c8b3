using System.Diagnostics;
using Millrace.Pipeline;
using Npgsql;

namespace Millrace.Bench;

/// <summary>Drains a full topic through the real pipeline into an empty table, then sends the same rows through bare COPYs.</summary>
internal sealed class DrainBench(BenchServers servers, PreloadedTopic topic)
{
    /// <param name="ResidentMb">Of this process at the end of the drain; only the first round's is free of what the bare COPY needed.</param>
    /// <param name="CpuUsPerEvent">Processor time of this process, broker and pipeline together, for each event.</param>
    public sealed record Round(DrainRound Rates, double ResidentMb, double CpuUsPerEvent);

    public async Task<Round> RunAsync(NpgsqlDataSource database, int number, CancellationToken cancellationToken)
    {
        await servers.EmptyEventsAsync(cancellationToken);
        var (drained, resident, cpu) = await DrainAsync($"{topic.Name}-{number}", cancellationToken);

        var rows = await CopyBaseline.ReadRowsAsync(database, topic, cancellationToken);
        if (rows.Count != topic.Count)
        {
            throw new BenchFailedException($"The drain stored {rows.Count} of {topic.Count} events: the figures are void.");
        }

        var copied = await CopyBaseline.MeasureAsync(servers, database, rows, connections: 1, cancellationToken);
        var copiedParallel = await CopyBaseline.MeasureAsync(servers, database, rows, topic.Partitions, cancellationToken);
        return new Round(
            new DrainRound(drained, copied, copiedParallel, drained / copied, drained / copiedParallel),
            resident,
            cpu.TotalMicroseconds / topic.Count);
    }

    /// <summary>Times from the assignment of the partitions to the commit of the last event.</summary>
    private async Task<(double EventsPerSecond, double ResidentMb, TimeSpan Cpu)> DrainAsync(string group, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long flushed = 0, ended = 0;
        await using var pipeline = await servers.StartPipelineAsync(
            topic.Name,
            group,
            flush =>
            {
                if (Interlocked.Add(ref flushed, flush.To - flush.From) >= topic.Count)
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
        return (topic.Count / Stopwatch.GetElapsedTime(started, ended).TotalSeconds, Machine.ResidentMegabytes(), cpu);
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
