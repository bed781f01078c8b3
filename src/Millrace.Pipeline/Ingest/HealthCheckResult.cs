namespace Millrace.Pipeline.Ingest;

/// <summary>One thing that was looked at.</summary>
/// <param name="Name"><c>broker</c>, <c>database</c>, <c>pipeline</c> or <c>lag</c>.</param>
/// <param name="Status"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
/// <param name="Detail">A sentence; null when there is nothing to say.</param>
public sealed record HealthCheckResult(string Name, string Status, string? Detail);
