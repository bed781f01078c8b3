using Millrace.Schemas;

namespace Millrace.Registry.Evidence;

/// <summary>A schema that is to be tried on the events that are really there.</summary>
/// <param name="EventType">Whose events.</param>
/// <param name="Candidate">The schema.</param>
/// <param name="Since">Events stored, and letters first seen, from this moment on.</param>
public sealed record EvidenceRequest(string EventType, JsonSchema Candidate, DateTimeOffset Since)
{
    /// <summary>The number that the schema has or would get: a letter that names another one is not rescued by it. Null: the next number of the type.</summary>
    public int? Version { get; init; }

    /// <summary>So long before now; when there were no events yet, the begin of 1970.</summary>
    public static DateTimeOffset Back(DateTimeOffset now, TimeSpan window) =>
        now - DateTimeOffset.UnixEpoch < window ? DateTimeOffset.UnixEpoch : now - window;

    /// <summary>Told now and then how many events have been looked at, and of how many; from any thread.</summary>
    public Action<long, long>? Progress { get; init; }
}
