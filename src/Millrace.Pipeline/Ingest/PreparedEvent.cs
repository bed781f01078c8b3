using Millrace.Events;
using Millrace.Pipeline.Check;
using Millrace.Schemas;
using Millrace.Schemas.Catalog;

namespace Millrace.Pipeline.Ingest;

/// <summary>An event of a request, ready for the topic, or refused.</summary>
/// <param name="Reason">Why it is refused; <see cref="RefusalReason.None"/> when it is not.</param>
/// <param name="Detail">The sentence for it; empty when it is not refused.</param>
/// <param name="Id">Its id.</param>
/// <param name="Key">The partition key: the user; null when the event has none, and any partition will do.</param>
/// <param name="Value">Its bytes, as sent but for what was added; empty when refused.</param>
/// <param name="Errors">What does not fit the schema of its type, when that is why it is refused; else empty.</param>
internal readonly record struct PreparedEvent(RefusalReason Reason, string Detail, Guid Id, byte[]? Key, byte[] Value, IReadOnlyList<SchemaError> Errors)
{
    /// <summary>Checks an event and gives it what it lacks: an id, and the correlation id of the request.</summary>
    /// <param name="json">The event without white space around it.</param>
    /// <param name="correlationId">The request's; empty when it has none.</param>
    /// <param name="schemas">Judges the bytes as they would go to the topic, so that what is accepted here is not refused there.</param>
    /// <param name="time">For the time in the id.</param>
    public static PreparedEvent Create(ReadOnlySpan<byte> json, ReadOnlySpan<byte> correlationId, SchemaCatalog schemas, TimeProvider time)
    {
        var reason = EnvelopeReader.Read(json, out var envelope, out var at);
        if (reason != RefusalReason.None)
            return Refused(reason, at, json.Length);

        var newId = envelope.EventId is null ? EventIds.New(time) : (Guid?)null;
        var value = EventAdditions.Apply(json, envelope, newId, envelope.HasCorrelationId ? default : correlationId);
        if (value.Length > EnvelopeReader.MaxBytes)
            return Refused(RefusalReason.TooLarge, 0, value.Length);
        var verdict = schemas.Judge(envelope, value);
        if (verdict.IsRefused)
            return new PreparedEvent(verdict.Reason, verdict.Detail, Guid.Empty, null, [], verdict.Errors);
        return new PreparedEvent(
            RefusalReason.None, "", envelope.EventId ?? newId!.Value, envelope.UserId.IsEmpty ? null : envelope.UserId.ToArray(), value, []);
    }

    private static PreparedEvent Refused(RefusalReason reason, int at, int length) =>
        new(reason, RefusalDetail.Describe(reason, at, length), Guid.Empty, null, [], []);
}
