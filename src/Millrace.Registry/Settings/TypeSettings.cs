using Millrace.Schemas.Catalog;
using Millrace.Schemas.Compatibility;

namespace Millrace.Registry.Settings;

/// <summary>What is set for one event type; null where the default holds.</summary>
/// <param name="Mode">What happens to events that do not fit.</param>
/// <param name="Level">What a new version has to promise.</param>
/// <param name="Strict">Whether an optional property that is added to an open object counts as a break.</param>
public sealed record TypeSettings(SchemaMode? Mode, CompatibilityLevel? Level, bool? Strict)
{
    /// <summary>Nothing of its own.</summary>
    public static TypeSettings None { get; } = new(null, null, null);
}
