using Millrace.Commands.Generate;
using Millrace.Schemas.Catalog;
using Npgsql;

namespace Millrace.Bench;

/// <summary>Latency at one steady rate, and the proof that what was acknowledged is in the table, once.</summary>
internal sealed class LatencyBench(BenchServers servers)
{
    public async Task<LatencyResult> RunAsync(
        NpgsqlDataSource database, string topicName, EventGenerator events, int rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        await servers.EmptyEventsAsync(cancellationToken);
        var probe = new LatencyProbe(servers.BootstrapServers, topicName);
        double reached;
        await using (await servers.StartPipelineAsync(
            topicName, topicName, SchemaCatalog.Empty, flush => probe.OnFlush(flush.Partition, flush.From, flush.To), cancellationToken))
        {
            reached = await probe.SendAsync(events, rate, duration, cancellationToken);
        }

        // Disposing drained the pipeline: every acknowledged event must be there by now.
        await using var count = database.CreateCommand("SELECT count(*), count(DISTINCT event_id) FROM pipeline.events");
        await using var row = await count.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var (stored, distinct) = (row.GetInt64(0), row.GetInt64(1));

        var latencies = probe.Latencies();
        return new LatencyResult(
            rate,
            Math.Round(reached, 1),
            Percentiles.Of(latencies, 50),
            Percentiles.Of(latencies, 95),
            Percentiles.Of(latencies, 99),
            latencies[^1],
            Lost: Math.Max(0, probe.Acknowledged - distinct),
            Doubled: Math.Max(stored - distinct, stored - probe.Acknowledged));
    }
}
