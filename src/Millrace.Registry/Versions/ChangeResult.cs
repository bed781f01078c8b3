using Millrace.Schemas;

namespace Millrace.Registry.Versions;

/// <summary>What became of a request to change the versions of a type.</summary>
/// <param name="Outcome">In a word.</param>
/// <param name="Version">The version that it is about, as it stands now; null when there is none.</param>
public sealed record ChangeResult(ChangeOutcome Outcome, SchemaVersion? Version)
{
    /// <summary>Where and why the text is no schema; set with <see cref="ChangeOutcome.InvalidSchema"/>.</summary>
    public SchemaException? Problem { get; init; }

    /// <summary>What the level forbids; set with <see cref="ChangeOutcome.Incompatible"/>.</summary>
    public IReadOnlyList<Conflict> Conflicts { get; init; } = [];

    /// <summary>What is likely to be a mistake in a schema that was registered all the same, in sentences.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Whether what was asked for is so now.</summary>
    public bool IsDone => Outcome is ChangeOutcome.Done or ChangeOutcome.AlreadySo;
}
