using Millrace.Registry.Evidence;

namespace Millrace.Registry.Reports;

/// <summary>What the stored events said of a schema, as JSON.</summary>
public sealed record ReportedEvidence(
    DateTimeOffset Since, long Events, long Rejected, double RejectedPercent, IReadOnlyList<RejectedEvent> Examples, long DeadLetters, long Rescued)
{
    /// <summary>Makes it.</summary>
    public static ReportedEvidence Of(EvidenceReport report) => new(
        report.Since, report.Events, report.Rejected, report.RejectedShare * 100, report.Examples, report.DeadLetters, report.Rescued);
}
