namespace Millrace.Schemas.Catalog;

/// <summary>The schemas of one event type that events may name.</summary>
/// <param name="EventType">The type.</param>
/// <param name="Mode">What happens to an event that does not fit.</param>
/// <param name="ActiveVersion">The version for events that name none.</param>
/// <param name="Versions">The active version and the deprecated ones, by number; a draft is not among them.</param>
public sealed record TypeSchemas(string EventType, SchemaMode Mode, int ActiveVersion, IReadOnlyDictionary<int, JsonSchema> Versions);
