namespace Millrace.Registry.Versions;

/// <summary>One version of the schema of an event type.</summary>
public sealed record SchemaVersion
{
    /// <summary>The type.</summary>
    public required string EventType { get; init; }

    /// <summary>Its number, from 1; the <c>schemaVersion</c> of an event.</summary>
    public required int Version { get; init; }

    /// <summary>The number of the schema itself: the same for all types and versions with the same fingerprint.</summary>
    public required int SchemaId { get; init; }

    /// <summary>SHA-256 of the canonical form, in hexadecimal.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Where it stands.</summary>
    public required SchemaState State { get; init; }

    /// <summary>When it was registered.</summary>
    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>By whom.</summary>
    public required string RegisteredBy { get; init; }

    /// <summary>When its state changed last.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>By whom.</summary>
    public required string ChangedBy { get; init; }

    /// <summary>The schema exactly as it was given.</summary>
    public required string Source { get; init; }
}
