namespace Millrace.Operations.DeadLetters;

/// <summary>All that is known of one dead letter.</summary>
public sealed record DeadLetterRecord
{
    /// <summary>Its id, derived from where it stood; the event gets it when it had none of its own.</summary>
    public required Guid Id { get; init; }

    /// <summary>What was decided about it.</summary>
    public required DeadLetterState State { get; init; }

    /// <summary>The code of the reason.</summary>
    public required string Reason { get; init; }

    /// <summary>The reason in a sentence.</summary>
    public required string Detail { get; init; }

    /// <summary>What groups it with others of its kind.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The topic it stood in.</summary>
    public required string Topic { get; init; }

    /// <summary>Its partition.</summary>
    public required int Partition { get; init; }

    /// <summary>Its offset.</summary>
    public required long Offset { get; init; }

    /// <summary>The record's timestamp.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The record's key; null when it had none.</summary>
    public byte[]? Key { get; init; }

    /// <summary>The record's value; null when it had none.</summary>
    public byte[]? Value { get; init; }

    /// <summary>The key as text; null when it is not UTF-8 or absent.</summary>
    public string? KeyText { get; init; }

    /// <summary>The value as text; null when it is not UTF-8 or absent.</summary>
    public string? ValueText { get; init; }

    /// <summary>The record's headers in their order.</summary>
    public required IReadOnlyList<RecordHeader> Headers { get; init; }

    /// <summary>The event's own id, where it could be read.</summary>
    public Guid? EventId { get; init; }

    /// <summary>The event's type, where it could be read.</summary>
    public string? EventType { get; init; }

    /// <summary>The event's user, where it could be read.</summary>
    public string? UserId { get; init; }

    /// <summary>The event's correlation id, where it could be read.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>When it was first refused.</summary>
    public required DateTimeOffset FirstSeen { get; init; }

    /// <summary>When it was last refused.</summary>
    public required DateTimeOffset LastSeen { get; init; }

    /// <summary>How often it was tried, replays of earlier copies included.</summary>
    public required int Attempts { get; init; }

    /// <summary>How often it was sent to its topic again.</summary>
    public required int Replays { get; init; }

    /// <summary>When the dead-letter topic acknowledged it; null when it is not there yet.</summary>
    public DateTimeOffset? RelayedAt { get; init; }

    /// <summary>Who decided about it.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Why.</summary>
    public string? DecidedReason { get; init; }
}
