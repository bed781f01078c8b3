namespace Millrace.Schemas.Catalog;

/// <summary>What happens to an event whose type has no active schema.</summary>
public enum UnknownTypes
{
    /// <summary>It is stored.</summary>
    Accept,

    /// <summary>It is stored, counted and shown.</summary>
    Warn,

    /// <summary>It is refused.</summary>
    Reject,
}
