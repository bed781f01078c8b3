namespace Millrace.Commands.Schema;

/// <summary>What <c>schema check --format json</c> says.</summary>
/// <param name="Accepted">Whether it could be activated by what was asked.</param>
internal sealed record CheckReport(string EventType, bool Accepted, IReadOnlyList<ReportedConflict> Conflicts, ReportedEvidence? Evidence);
