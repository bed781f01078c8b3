using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Millrace.Pipeline.Ingest;

/// <summary>What a load balancer or an orchestrator asks.</summary>
public static class HealthEndpoints
{
    private static readonly HealthReport Alive = new(HealthStatus.Healthy, []);

    /// <summary>Maps <c>GET /health/live</c> and <c>GET /health/ready</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints, HealthService health)
    {
        endpoints.MapGet("/health/live", () => Results.Json(Alive, IngestJson.Default.HealthReport))
            .WithName("GetLive")
            .WithTags("Health")
            .WithSummary("Is the process alive?")
            .WithDescription("Answers 200 for as long as the process can answer at all; an orchestrator restarts it when it does not.")
            .Produces<HealthReport>();

        endpoints.MapGet("/health/ready", (CancellationToken cancellationToken) => ReadyAsync(health, cancellationToken))
            .WithName("GetReady")
            .WithTags("Health")
            .WithSummary("Can it take events?")
            .WithDescription("Looks at the broker, the database, the pipeline and the lag. Answers 200 when all are healthy or degraded, else 503.")
            .Produces<HealthReport>()
            .Produces<HealthReport>(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> ReadyAsync(HealthService health, CancellationToken cancellationToken)
    {
        var report = await health.CheckAsync(cancellationToken);
        var status = report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return Results.Json(report, IngestJson.Default.HealthReport, statusCode: status);
    }
}
