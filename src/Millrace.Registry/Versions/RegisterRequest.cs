namespace Millrace.Registry.Versions;

/// <summary>A schema that is to become a version.</summary>
/// <param name="EventType">Its type.</param>
/// <param name="Schema">The schema in UTF-8, at most 1 MiB.</param>
/// <param name="Actor">Who asks, for the record.</param>
public sealed record RegisterRequest(string EventType, ReadOnlyMemory<byte> Schema, string Actor)
{
    /// <summary>The number that it is to have; null: the next one.</summary>
    public int? Version { get; init; }

    /// <summary>Whether it comes into force in the same transaction. When that is not possible nothing is registered either.</summary>
    public bool Activate { get; init; }
}
