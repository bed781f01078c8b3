using Millrace.Schemas.Catalog;
using Millrace.Schemas.Compatibility;

namespace Millrace.Registry.Settings;

/// <summary>What holds where a type has nothing of its own.</summary>
/// <param name="Mode">What happens to events that do not fit. At first <see cref="SchemaMode.Enforce"/>.</param>
/// <param name="Level">What a new version has to promise. At first <see cref="CompatibilityLevel.Backward"/>.</param>
/// <param name="Strict">Whether an optional property that is added to an open object counts as a break. At first not.</param>
/// <param name="Unknown">What happens to events whose type has no active version. At first <see cref="UnknownTypes.Accept"/>.</param>
public sealed record DefaultSettings(SchemaMode Mode, CompatibilityLevel Level, bool Strict, UnknownTypes Unknown);
