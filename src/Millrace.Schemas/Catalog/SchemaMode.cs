namespace Millrace.Schemas.Catalog;

/// <summary>What happens to an event that does not fit the schema of its type.</summary>
public enum SchemaMode
{
    /// <summary>It is refused: a dead letter, or 422 over HTTP.</summary>
    Enforce,

    /// <summary>It is stored, counted and shown.</summary>
    Warn,

    /// <summary>It is not looked at.</summary>
    Off,
}
