using Millrace.Registry.Evidence;

namespace Millrace.Commands.Schema;

/// <summary>What the stored events said of a schema, as JSON.</summary>
internal sealed record ReportedEvidence(
    DateTimeOffset Since, long Events, long Rejected, double RejectedPercent, IReadOnlyList<RejectedEvent> Examples, long DeadLetters, long Rescued)
{
    public static ReportedEvidence Of(EvidenceReport report) => new(
        report.Since, report.Events, report.Rejected, report.RejectedShare * 100, report.Examples, report.DeadLetters, report.Rescued);
}
