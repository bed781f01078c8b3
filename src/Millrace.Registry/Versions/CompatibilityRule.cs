using Millrace.Schemas;
using Millrace.Schemas.Compatibility;

namespace Millrace.Registry.Versions;

/// <summary>Holds a schema against the versions of its type that are or were in force, by the type's level.</summary>
internal sealed record CompatibilityRule(CompatibilityLevel Level, bool Strict)
{
    /// <summary>What the level forbids; empty when the schema may come into force.</summary>
    /// <param name="versions">Those of the type; drafts and deleted ones bind nobody.</param>
    /// <param name="candidate">The schema.</param>
    /// <param name="candidateVersion">Its number, which it is not held against itself under; null when it has none yet.</param>
    public List<Conflict> Conflicts(IEnumerable<SchemaVersion> versions, JsonSchema candidate, int? candidateVersion)
    {
        return [.. versions.Where(version => Binds(version) && version.Version != candidateVersion).SelectMany(version => ConflictsWith(version, candidate))];
    }

    /// <summary>What the level forbids towards one version.</summary>
    public List<Conflict> ConflictsWith(SchemaVersion earlier, JsonSchema candidate)
    {
        if (Level == CompatibilityLevel.None)
            return [];
        var diff = SchemaCompatibility.Compare(SchemaText.Of(earlier).Schema, candidate, Strict);
        return [.. diff.Differences.Where(Breaks).Select(difference => new Conflict(earlier.Version, difference))];
    }

    private bool Binds(SchemaVersion version) =>
        version.State == SchemaState.Active || (version.State == SchemaState.Deprecated && Level.IsTransitive());

    private bool Breaks(SchemaDifference difference) => !new SchemaDiff([difference]).IsCompatible(Level);
}
