namespace Millrace.Events;

/// <summary>
/// What the pipeline knows of an event besides its bytes. The texts are UTF-8 and, where no escape had to be resolved, slices of the
/// bytes that were read: use them before those bytes are reused.
/// </summary>
public readonly ref struct Envelope
{
    /// <summary>The names of its fields, as events have them.</summary>
    public static IReadOnlyList<string> FieldNames { get; } = ["eventType", "eventId", "userId", "timestamp", "schemaVersion", "correlationId"];

    /// <summary><c>eventType</c>: 1 to 200 characters.</summary>
    public ReadOnlySpan<byte> EventType { get; init; }

    /// <summary><c>eventId</c>; null when absent, see <see cref="EventIds"/> for what it becomes then.</summary>
    public Guid? EventId { get; init; }

    /// <summary>Where the value of <c>"eventId":null</c> begins, for a writer that puts an id in its place; -1 when there is no such field.</summary>
    public int NullEventIdAt { get; init; }

    /// <summary>Where the value of <c>"correlationId":null</c> begins, likewise; -1 when there is no such field.</summary>
    public int NullCorrelationIdAt { get; init; }

    /// <summary>Whether the event says who its user is.</summary>
    public bool HasUserId { get; init; }

    /// <summary><c>userId</c>, a number as it was written; also the partition key. Empty when absent.</summary>
    public ReadOnlySpan<byte> UserId { get; init; }

    /// <summary><c>timestamp</c> in UTC, to the microsecond; null when absent.</summary>
    public DateTime? Timestamp { get; init; }

    /// <summary><c>schemaVersion</c>; null when absent.</summary>
    public int? SchemaVersion { get; init; }

    /// <summary>Whether the event has a correlation id.</summary>
    public bool HasCorrelationId { get; init; }

    /// <summary><c>correlationId</c>, a number as it was written. Empty when absent.</summary>
    public ReadOnlySpan<byte> CorrelationId { get; init; }
}
