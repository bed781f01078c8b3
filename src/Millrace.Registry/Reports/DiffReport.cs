using Millrace.Schemas.Compatibility;

namespace Millrace.Registry.Reports;

/// <summary>What <c>schema diff --format json</c> says.</summary>
/// <param name="Compatible">Whether the newer schema keeps what the level promises.</param>
/// <param name="Differences">All that differs, also what the level does not ask about.</param>
public sealed record DiffReport(bool Compatible, IReadOnlyList<ReportedDifference> Differences)
{
    /// <summary>Makes it.</summary>
    public static DiffReport Of(SchemaDiff diff, CompatibilityLevel level) => new(diff.IsCompatible(level), [.. diff.Differences.Select(ReportedDifference.Of)]);
}

/// <summary>One difference; breaks has "backward", "forward" or both, or nothing.</summary>
public sealed record ReportedDifference(string Pointer, string Kind, IReadOnlyList<string> Breaks, string Message)
{
    /// <summary>Makes it.</summary>
    public static ReportedDifference Of(SchemaDifference difference) =>
        new(difference.Pointer, difference.Kind, [.. Directions(difference)], difference.Message);

    private static IEnumerable<string> Directions(SchemaDifference difference)
    {
        if (difference.BreaksBackward)
            yield return "backward";
        if (difference.BreaksForward)
            yield return "forward";
    }
}
