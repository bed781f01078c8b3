using System.Text.Unicode;
using Millrace.Events;
using Millrace.Pipeline.Read;
using Millrace.Pipeline.Write;

namespace Millrace.Pipeline.Check;

/// <summary>Puts each record of a partition with the good rows or with the dead letters.</summary>
internal sealed class RecordCheck(string topic, int partition)
{
    private const int MaxKeyCharactersAsUser = 256;

    private readonly DerivedEventIds _ids = EventIds.ForPartition(topic, partition);

    /// <summary>Checks the record that stands at <paramref name="index"/> of the batch's buffer.</summary>
    public void Add(int index, in Record record, Batch batch)
    {
        if (!record.HasValue)
        {
            batch.AddDead(index, RefusalReason.NullValue, RefusalDetail.Describe(RefusalReason.NullValue, 0, 0));
            return;
        }

        var reason = EnvelopeReader.Read(record.Value, out var envelope, out var at);
        if (reason != RefusalReason.None)
        {
            batch.AddDead(index, reason, RefusalDetail.Describe(reason, at, record.Value.Length));
            return;
        }

        var eventId = envelope.EventId ?? _ids.At(record.Offset, record.TimestampMilliseconds);
        if (envelope.HasUserId)
            batch.AddRow(index, record, partition, eventId, envelope, envelope.UserId, hasUserId: true);
        else
            batch.AddRow(index, record, partition, eventId, envelope, record.Key, IsUser(record.Key));
    }

    /// <summary>Whether a record's key can stand for the user: keys are any bytes, the column takes short text.</summary>
    public static bool IsUser(ReadOnlySpan<byte> key) =>
        !key.IsEmpty && key.Length <= MaxKeyCharactersAsUser && !key.Contains((byte)0) && Utf8.IsValid(key);
}
