using System.Text;
using System.Text.Unicode;
using Millrace.Events;
using Millrace.Pipeline.Parking;
using Millrace.Pipeline.Read;
using Millrace.Pipeline.Write;
using Millrace.Schemas.Catalog;

namespace Millrace.Pipeline.Check;

/// <summary>Puts each record of a partition with the good rows, with the dead letters, or into the queue of its parked user.</summary>
internal sealed class RecordCheck(string topic, int partition, ParkedUsers parked, ISchemaSource schemas, IEventHook? hook)
{
    private const int MaxKeyCharactersAsUser = 256;

    private readonly DerivedEventIds _ids = EventIds.ForPartition(topic, partition);

    /// <summary>Checks the record that stands at <paramref name="index"/> of the batch's buffer.</summary>
    public void Add(int index, in Record record, Batch batch)
    {
        if (!TryRead(index, record, batch, out var envelope))
            return;
        var eventId = envelope.EventId ?? _ids.At(record.Offset, record.TimestampMilliseconds);
        var user = User(record, envelope, out var hasUser);
        EventFailure? failure = null;
        if ((hasUser && !parked.IsEmpty && parked.Contains(user)) || (hook is not null && !TryHook(record, eventId, envelope, user, hasUser, out failure)))
            Park(index, eventId, envelope, user, hasUser, failure, batch);
        else
            batch.AddRow(index, record, partition, eventId, envelope, user, hasUser);
    }

    /// <summary>
    /// Checks an event that was parked, when its turn has come: it becomes a row or, should the rules have changed meanwhile, a dead letter; or
    /// the hook fails, then nothing of it is added.
    /// </summary>
    public EventFailure? AddAgain(int index, in Record record, Guid eventId, Batch batch)
    {
        if (!TryRead(index, record, batch, out var envelope))
            return null;
        var user = User(record, envelope, out var hasUser);
        if (hook is not null && !TryHook(record, eventId, envelope, user, hasUser, out var failure))
            return failure;
        batch.AddRow(index, record, partition, eventId, envelope, user, hasUser);
        return null;
    }

    /// <summary>Whether a record's key can stand for the user: keys are any bytes, the column takes short text.</summary>
    public static bool IsUser(ReadOnlySpan<byte> key) =>
        !key.IsEmpty && key.Length <= MaxKeyCharactersAsUser && !key.Contains((byte)0) && Utf8.IsValid(key);

    private bool TryRead(int index, in Record record, Batch batch, out Envelope envelope)
    {
        envelope = default;
        if (!record.HasValue)
        {
            batch.AddDead(index, RefusalReason.NullValue, RefusalDetail.Describe(RefusalReason.NullValue, 0, 0));
            return false;
        }

        var reason = EnvelopeReader.Read(record.Value, out envelope, out var at);
        if (reason != RefusalReason.None)
        {
            batch.AddDead(index, reason, RefusalDetail.Describe(reason, at, record.Value.Length));
            return false;
        }

        var verdict = schemas.Current.Judge(envelope, record.Value);
        if (verdict.IsRefused)
        {
            batch.AddDead(index, verdict.Reason, verdict.Detail);
            return false;
        }

        if (verdict.Reason != RefusalReason.None)
            batch.AddWarning(verdict);
        envelope = envelope with { SchemaVersion = verdict.Version };
        return true;
    }

    private static ReadOnlySpan<byte> User(in Record record, in Envelope envelope, out bool hasUser)
    {
        hasUser = envelope.HasUserId || IsUser(record.Key);
        return envelope.HasUserId ? envelope.UserId : record.Key;
    }

    private bool TryHook(
        in Record record, Guid eventId, in Envelope envelope, ReadOnlySpan<byte> user, bool hasUser, out EventFailure? failure)
    {
        failure = null;
        try
        {
            hook!.BeforeWrite(new EventView
            {
                EventId = eventId,
                EventType = envelope.EventType,
                HasUserId = hasUser,
                UserId = hasUser ? user : default,
                Payload = record.Value,
                Partition = partition,
                Offset = record.Offset,
            });
            return true;
        }
        catch (Exception e)
        {
            // Whatever it is, it is this event's failure: it stands in the tables beside the event, and the pipeline goes on.
            failure = EventFailure.OfHook(e);
            return false;
        }
    }

    private void Park(
        int index, Guid eventId, in Envelope envelope, ReadOnlySpan<byte> user, bool hasUser, EventFailure? failure, Batch batch)
    {
        if (!hasUser)
        {
            batch.AddDead(index, failure!.Reason, failure.Detail);
            return;
        }

        if (!parked.TryAdd(user))
        {
            batch.AddDead(index, RefusalReason.ParkingFull, RefusalDetail.ParkingFull(failure));
            return;
        }

        batch.AddParked(new ParkedEvent(
            index, eventId, Encoding.UTF8.GetString(envelope.EventType), Encoding.UTF8.GetString(user),
            envelope.HasCorrelationId ? Encoding.UTF8.GetString(envelope.CorrelationId) : null, failure));
    }
}
