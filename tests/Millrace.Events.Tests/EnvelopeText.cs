using System.Text;

namespace Millrace.Events.Tests;

/// <summary>An envelope with its texts as strings, since a ref struct cannot be kept or compared.</summary>
internal sealed record EnvelopeText(
    string EventType, Guid? EventId, string? UserId, DateTime? Timestamp, int? SchemaVersion, string? CorrelationId)
{
    public static (RefusalReason Reason, EnvelopeText? Envelope, int Position) Read(string json) => Read(Encoding.UTF8.GetBytes(json));

    public static (RefusalReason Reason, EnvelopeText? Envelope, int Position) Read(byte[] json)
    {
        var reason = EnvelopeReader.Read(json, out var envelope, out var position);
        if (reason != RefusalReason.None)
            return (reason, null, position);
        return (reason, new EnvelopeText(
            Encoding.UTF8.GetString(envelope.EventType),
            envelope.EventId,
            envelope.HasUserId ? Encoding.UTF8.GetString(envelope.UserId) : null,
            envelope.Timestamp,
            envelope.SchemaVersion,
            envelope.HasCorrelationId ? Encoding.UTF8.GetString(envelope.CorrelationId) : null), position);
    }
}
