namespace Millrace.Operations.Traces;

/// <summary>Where one event is, and how it got there.</summary>
public sealed record EventTrace
{
    /// <summary>The event; null when a correlation id was searched and nothing was found.</summary>
    public required Guid? EventId { get; init; }

    /// <summary>Where it is.</summary>
    public required TraceOutcome Outcome { get; init; }

    /// <summary>All of it in a sentence or two.</summary>
    public required string Sentence { get; init; }

    /// <summary>Its type, where known.</summary>
    public string? EventType { get; init; }

    /// <summary>Its user, where known.</summary>
    public string? UserId { get; init; }

    /// <summary>Its correlation id, where known.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The topic it came by.</summary>
    public string? Topic { get; init; }

    /// <summary>Its partition.</summary>
    public int? Partition { get; init; }

    /// <summary>Its offset.</summary>
    public long? Offset { get; init; }

    /// <summary>When the topic took it: the record's timestamp, where the log or a table still has it.</summary>
    public DateTimeOffset? AcceptedAt { get; init; }

    /// <summary>For <see cref="TraceOutcome.Stored"/>: when the transaction that holds the row was begun.</summary>
    public DateTimeOffset? CommittedAt { get; init; }

    /// <summary>For what was read from the topic: the flush that covers it.</summary>
    public FlushTrace? Flush { get; init; }

    /// <summary>For <see cref="TraceOutcome.Stored"/>: the row's payload, as text of JSON.</summary>
    public string? Payload { get; init; }

    /// <summary>For <see cref="TraceOutcome.Dead"/>.</summary>
    public DeadTrace? Dead { get; init; }

    /// <summary>For <see cref="TraceOutcome.Parked"/>.</summary>
    public ParkedTrace? Parked { get; init; }

    /// <summary>For <see cref="TraceOutcome.InTopic"/>.</summary>
    public WaitingTrace? Waiting { get; init; }
}
