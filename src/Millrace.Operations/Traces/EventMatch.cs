using System.Text;
using Confluent.Kafka;
using Millrace.Events;

namespace Millrace.Operations.Traces;

/// <summary>Looks for an id, or for a correlation id.</summary>
internal sealed class EventMatch
{
    private readonly Guid? _eventId;
    private readonly byte[]? _correlationId;
    private readonly Dictionary<int, DerivedEventIds> _ids = [];

    private EventMatch(Guid? eventId, byte[]? correlationId) => (_eventId, _correlationId) = (eventId, correlationId);

    public static EventMatch ById(Guid eventId) => new(eventId, null);

    public static EventMatch ByCorrelation(string correlationId) => new(null, Encoding.UTF8.GetBytes(correlationId));

    /// <summary>The event, when the record is one that is looked for.</summary>
    public FoundEvent? Find(string topic, ConsumeResult<byte[]?, byte[]?> record)
    {
        if (record.Message.Value is not { } value || EnvelopeReader.Read(value, out var envelope, out _) != RefusalReason.None)
            return null;
        if (_correlationId is { } correlation && !(envelope.HasCorrelationId && envelope.CorrelationId.SequenceEqual(correlation)))
            return null;
        var partition = record.Partition.Value;
        if (!_ids.TryGetValue(partition, out var ids))
            _ids[partition] = ids = EventIds.ForPartition(topic, partition);

        // As the pipeline will name it when it comes there.
        var id = envelope.EventId ?? ids.At(record.Offset.Value, record.Message.Timestamp.UnixTimestampMs);
        if (_eventId is { } wanted && id != wanted)
            return null;
        return new FoundEvent(
            id, Encoding.UTF8.GetString(envelope.EventType), envelope.HasUserId ? Encoding.UTF8.GetString(envelope.UserId) : null,
            envelope.HasCorrelationId ? Encoding.UTF8.GetString(envelope.CorrelationId) : null);
    }
}
