namespace Millrace.Pipeline.Ingest;

/// <summary>The words for how something is.</summary>
internal static class HealthStatus
{
    public const string Healthy = "healthy";
    public const string Degraded = "degraded";
    public const string Unhealthy = "unhealthy";
}
