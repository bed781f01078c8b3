namespace Millrace.Pipeline.Ingest;

/// <summary>The answer of the health endpoints.</summary>
/// <param name="Status"><c>healthy</c>, <c>degraded</c> (works, but look at it) or <c>unhealthy</c>: the worst of the checks.</param>
/// <param name="Checks">What was looked at.</param>
public sealed record HealthReport(string Status, IReadOnlyList<HealthCheckResult> Checks);
