namespace Millrace.Pipeline.Parking;

/// <summary>An event as a hook sees it. The texts are UTF-8 and belong to the pipeline: copy what is needed longer than the call.</summary>
public readonly ref struct EventView
{
    /// <summary>The event's id: its own, or the one that was made for it.</summary>
    public Guid EventId { get; init; }

    /// <summary><c>eventType</c>.</summary>
    public ReadOnlySpan<byte> EventType { get; init; }

    /// <summary>Whether the event has a user.</summary>
    public bool HasUserId { get; init; }

    /// <summary>The user: <c>userId</c>, or the record's key when the event names none. Empty when absent.</summary>
    public ReadOnlySpan<byte> UserId { get; init; }

    /// <summary>The event as it came, JSON.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The partition it was read from.</summary>
    public int Partition { get; init; }

    /// <summary>Its offset there.</summary>
    public long Offset { get; init; }
}
