namespace Millrace.Pipeline.Ingest;

/// <summary>When health turns.</summary>
public sealed class HealthOptions
{
    /// <summary>Records behind from which the lag is reported as degraded; the answer stays 200. Default 100,000: about a second of work.</summary>
    public long DegradedLag { get; set; } = 100_000;

    /// <summary>
    /// Records behind from which the process is not ready any more (503). Default 10,000,000: minutes of work, so that a start with a backlog does
    /// not take ingest out of service.
    /// </summary>
    public long UnreadyLag { get; set; } = 10_000_000;
}
