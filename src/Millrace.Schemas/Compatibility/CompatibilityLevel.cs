namespace Millrace.Schemas.Compatibility;

/// <summary>What a new version of a schema has to promise. The transitive levels promise it towards every earlier version instead of the last one.</summary>
public enum CompatibilityLevel
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Data written with the old schema is accepted by the new one.</summary>
    Backward,

    /// <summary><see cref="Backward"/>, towards every earlier version.</summary>
    BackwardTransitive,

    /// <summary>Data written with the new schema is accepted by the old one.</summary>
    Forward,

    /// <summary><see cref="Forward"/>, towards every earlier version.</summary>
    ForwardTransitive,

    /// <summary>Both.</summary>
    Full,

    /// <summary><see cref="Full"/>, towards every earlier version.</summary>
    FullTransitive,
}
