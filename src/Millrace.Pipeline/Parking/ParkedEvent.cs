using Millrace.Events;

namespace Millrace.Pipeline.Parking;

/// <summary>A record of a batch, by its index, that waits for its user.</summary>
/// <param name="Index">Where the record stands in the batch.</param>
/// <param name="EventId">The event's id.</param>
/// <param name="EventType">Its type.</param>
/// <param name="UserId">The user in whose queue it stands.</param>
/// <param name="CorrelationId">Its correlation id, if any.</param>
/// <param name="Failure">How it failed and so parked its user; null when it only stands behind others.</param>
internal readonly record struct ParkedEvent(
    int Index, Guid EventId, string EventType, string UserId, string? CorrelationId, EventFailure? Failure);

/// <summary>Why an event could not be written for now.</summary>
/// <param name="Reason">The kind.</param>
/// <param name="Detail">The message.</param>
internal sealed record EventFailure(RefusalReason Reason, string Detail)
{
    // Enough to tell what happened; an exception may quote a whole document.
    private const int MaxDetailCharacters = 1_000;

    public static EventFailure OfHook(Exception e)
    {
        var detail = $"{e.GetType().Name}: {e.Message}".Replace('\0', '\uFFFD');
        return new EventFailure(
            RefusalReason.HookFailed, detail.Length <= MaxDetailCharacters ? detail : string.Concat(detail.AsSpan(0, MaxDetailCharacters - 1), "…"));
    }
}
