using System.Text.Json;
using Millrace.Registry.Evidence;
using Millrace.Registry.Versions;

namespace Millrace.Registry.Reports;

/// <summary>What became of a change, as JSON.</summary>
/// <param name="Outcome">done, alreadySo, or why not.</param>
/// <param name="Conflicts">What the level forbids, with the version that it differs from.</param>
/// <param name="Warnings">What is likely to be a mistake in a schema that was registered, in sentences.</param>
/// <param name="Evidence">What the stored events said, where they were asked.</param>
public sealed record ChangeReport(
    string Outcome, string EventType, int? Version, string? State, IReadOnlyList<ReportedConflict> Conflicts, IReadOnlyList<string> Warnings,
    ReportedEvidence? Evidence)
{
    /// <summary>Makes it.</summary>
    public static ChangeReport Of(string eventType, ChangeResult result, EvidenceReport? evidence) => new(
        JsonNamingPolicy.CamelCase.ConvertName(result.Outcome.ToString()), eventType, result.Version?.Version, result.Version?.State.Code(),
        [.. result.Conflicts.Select(ReportedConflict.Of)], result.Warnings, evidence is null ? null : ReportedEvidence.Of(evidence));
}

/// <summary>A difference from an earlier version that the level forbids.</summary>
public sealed record ReportedConflict(int Version, string Pointer, string Kind, IReadOnlyList<string> Breaks, string Message)
{
    /// <summary>Makes it.</summary>
    public static ReportedConflict Of(Conflict conflict)
    {
        ReportedDifference difference = ReportedDifference.Of(conflict.Difference);
        return new ReportedConflict(conflict.Version, difference.Pointer, difference.Kind, difference.Breaks, difference.Message);
    }
}
