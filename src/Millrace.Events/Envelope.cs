using Millrace.Events.Json;

namespace Millrace.Events;

/// <summary>
/// What the pipeline knows of an event besides its bytes. The texts are UTF-8 and, where no escape had to be resolved, slices of the
/// bytes that were read: use them before those bytes are reused.
/// </summary>
public readonly ref struct Envelope
{
    /// <summary>The names of its fields, as events have them.</summary>
    public static IReadOnlyList<string> FieldNames { get; } = EnvelopeFields.Names.AsReadOnly();

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

    /// <summary>The bytes that were read.</summary>
    internal ReadOnlySpan<byte> Utf8 { get; init; }

    /// <summary>Their tokens, until this thread reads the next event.</summary>
    internal JsonTokens? Tokens { get; init; }

    /// <summary>What <see cref="JsonTokens.Readings"/> was then.</summary>
    internal int Reading { get; init; }

    /// <summary>Gives the tokens of an event to who looks at it next, so that it is read once.</summary>
    /// <param name="utf8">The event.</param>
    /// <param name="view">It with its tokens, when true is given back.</param>
    /// <param name="duplicateNameAt">Where a name begins that its object had before; -1 when there is none.</param>
    /// <returns>False when these are not the bytes that were read, in place, or the thread has read others since.</returns>
    internal bool TryGetTokens(ReadOnlySpan<byte> utf8, out JsonView view, out int duplicateNameAt)
    {
        if (Tokens is null || Tokens.Readings != Reading || utf8 != Utf8)
        {
            view = default;
            duplicateNameAt = -1;
            return false;
        }

        view = Tokens.View(utf8);
        duplicateNameAt = Tokens.DuplicateNameAt;
        return true;
    }
}
