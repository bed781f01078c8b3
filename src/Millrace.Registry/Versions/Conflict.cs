using Millrace.Schemas.Compatibility;

namespace Millrace.Registry.Versions;

/// <summary>A difference from an earlier version that the level of the type forbids.</summary>
/// <param name="Version">The earlier version.</param>
/// <param name="Difference">What differs.</param>
public sealed record Conflict(int Version, SchemaDifference Difference);
