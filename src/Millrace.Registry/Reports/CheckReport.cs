using Millrace.Registry.Evidence;
using Millrace.Registry.Versions;

namespace Millrace.Registry.Reports;

/// <summary>What <c>schema check --format json</c> says.</summary>
/// <param name="Accepted">Whether it could be activated by what was asked.</param>
public sealed record CheckReport(string EventType, bool Accepted, IReadOnlyList<ReportedConflict> Conflicts, ReportedEvidence? Evidence)
{
    /// <summary>Makes it.</summary>
    public static CheckReport Of(string eventType, bool accepted, IReadOnlyList<Conflict> conflicts, EvidenceReport? evidence) =>
        new(eventType, accepted, [.. conflicts.Select(ReportedConflict.Of)], evidence is null ? null : ReportedEvidence.Of(evidence));
}
