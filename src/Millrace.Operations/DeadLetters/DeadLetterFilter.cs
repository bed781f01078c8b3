namespace Millrace.Operations.DeadLetters;

/// <summary>Which dead letters are meant: those that meet every condition that is set. Empty: all of the state.</summary>
public sealed record DeadLetterFilter
{
    /// <summary>Exactly these; null for no such condition.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }

    /// <summary>Only in this state; null for any. Default <see cref="DeadLetterState.New"/>.</summary>
    public DeadLetterState? State { get; init; } = DeadLetterState.New;

    /// <summary>Only with this reason's code, such as <c>not_json</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>Only with this fingerprint, as <see cref="DeadLetterGroup.Fingerprint"/> gives it.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Only of this event type, where it could be read.</summary>
    public string? EventType { get; init; }

    /// <summary>Only first seen at or after this.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only first seen before this.</summary>
    public DateTimeOffset? To { get; init; }
}
