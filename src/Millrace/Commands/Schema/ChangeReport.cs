using Millrace.Registry;
using Millrace.Registry.Versions;

namespace Millrace.Commands.Schema;

/// <summary>What became of a change, as JSON.</summary>
/// <param name="Outcome">done, alreadySo, or why not.</param>
/// <param name="Conflicts">What the level forbids, with the version that it differs from.</param>
/// <param name="Evidence">What the stored events said, where they were asked.</param>
internal sealed record ChangeReport(
    string Outcome, string EventType, int? Version, string? State, IReadOnlyList<ReportedConflict> Conflicts, ReportedEvidence? Evidence)
{
    public static ChangeReport Of(string eventType, ChangeResult result, ReportedEvidence? evidence) => new(
        System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(result.Outcome.ToString()), eventType, result.Version?.Version, result.Version?.State.Code(),
        [.. result.Conflicts.Select(ReportedConflict.Of)], evidence);
}

/// <summary>A difference from an earlier version that the level forbids.</summary>
internal sealed record ReportedConflict(int Version, string Pointer, string Kind, IReadOnlyList<string> Breaks, string Message)
{
    public static ReportedConflict Of(Conflict conflict)
    {
        ReportedDifference difference = ReportedDifference.Of(conflict.Difference);
        return new ReportedConflict(conflict.Version, difference.Pointer, difference.Kind, difference.Breaks, difference.Message);
    }
}
