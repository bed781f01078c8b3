namespace Millrace.Schemas.Compatibility;

/// <summary>What differs between two versions of a schema.</summary>
/// <param name="Differences">Each difference that breaks a direction or is worth telling; empty when both accept the same data.</param>
public sealed record SchemaDiff(IReadOnlyList<SchemaDifference> Differences)
{
    /// <summary>Whether the newer version keeps what a level promises towards the older one. The transitive levels ask the same of this pair; the caller compares more pairs.</summary>
    /// <param name="level">The level.</param>
    public bool IsCompatible(CompatibilityLevel level) => level switch
    {
        CompatibilityLevel.None => true,
        CompatibilityLevel.Backward or CompatibilityLevel.BackwardTransitive => !Differences.Any(difference => difference.BreaksBackward),
        CompatibilityLevel.Forward or CompatibilityLevel.ForwardTransitive => !Differences.Any(difference => difference.BreaksForward),
        CompatibilityLevel.Full or CompatibilityLevel.FullTransitive => !Differences.Any(difference => difference.BreaksBackward || difference.BreaksForward),
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "There is no such level."),
    };
}
