using Confluent.Kafka;

namespace Millrace.Pipeline.Ingest;

/// <summary>Looks at the broker, the database, the pipeline and the lag. Probes that come close together share one look.</summary>
public sealed class HealthService(
    EventPipeline pipeline, IngestService ingest, HealthOptions options, TimeProvider time)
{
    private static readonly TimeSpan BrokerLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1);
    private HealthReport? _last;
    private long _lookedAt;

    /// <summary>How things are; at most a second old.</summary>
    public async Task<HealthReport> CheckAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } last && time.GetElapsedTime(_lookedAt) < Kept)
                return last;
            var broker = Task.Run(CheckBroker, cancellationToken);
            var database = CheckDatabaseAsync(cancellationToken);
            HealthCheckResult[] checks = [await broker, await database, .. CheckPipeline()];
            _last = new HealthReport(Worst(checks), checks);
            _lookedAt = time.GetTimestamp();
            return _last;
        }
        finally
        {
            _one.Release();
        }
    }

    private HealthCheckResult CheckBroker()
    {
        try
        {
            ingest.AskBroker(BrokerLimit);
            return new HealthCheckResult("broker", HealthStatus.Healthy, null);
        }
        catch (KafkaException e)
        {
            return new HealthCheckResult("broker", HealthStatus.Unhealthy, e.Error.Reason);
        }
    }

    private async Task<HealthCheckResult> CheckDatabaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await pipeline.AskDatabaseAsync(cancellationToken);
            return new HealthCheckResult("database", HealthStatus.Healthy, null);
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException)
        {
            return new HealthCheckResult("database", HealthStatus.Unhealthy, e.InnermostMessage());
        }
    }

    private HealthCheckResult[] CheckPipeline()
    {
        var status = pipeline.GetStatus();
        var lag = status.Lag >= options.UnreadyLag ? HealthStatus.Unhealthy
            : status.Lag >= options.DegradedLag ? HealthStatus.Degraded
            : HealthStatus.Healthy;
        return
        [
            new HealthCheckResult("pipeline", status.IsReady ? HealthStatus.Healthy : HealthStatus.Unhealthy, status.Reason),
            new HealthCheckResult("lag", lag, status.Lag < 0 ? "unknown" : $"{status.Lag} records behind"),
        ];
    }

    private static string Worst(HealthCheckResult[] checks) =>
        checks.Any(check => check.Status == HealthStatus.Unhealthy) ? HealthStatus.Unhealthy
        : checks.Any(check => check.Status == HealthStatus.Degraded) ? HealthStatus.Degraded
        : HealthStatus.Healthy;
}
