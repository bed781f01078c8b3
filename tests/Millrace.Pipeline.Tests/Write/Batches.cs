using System.Text;
using Confluent.Kafka;
using Millrace.Pipeline.Check;
using Millrace.Pipeline.Parking;
using Millrace.Pipeline.Read;
using Millrace.Pipeline.Write;
using Millrace.Schemas.Catalog;

namespace Millrace.Pipeline.Tests.Write;

/// <summary>Batches as a lane makes them.</summary>
internal static class Batches
{
    public const long Timestamp = 1_772_600_767_123;

    public static Batch Of(long firstOffset, params IEnumerable<string?> values) =>
        OfBytes(firstOffset, values.Select(value => value is null ? null : Encoding.UTF8.GetBytes(value)));

    public static Batch OfBytes(long firstOffset, IEnumerable<byte[]?> values) =>
        OfRecords(firstOffset, values.Select(value => new Message<string?, byte[]?> { Key = "key", Value = value }));

    /// <summary>Records without a key, so that events have no user unless they name one.</summary>
    public static Batch WithoutKeys(long firstOffset, params IEnumerable<string> values) =>
        OfRecords(firstOffset, values.Select(value => new Message<string?, byte[]?> { Value = Encoding.UTF8.GetBytes(value) }));

    public static Batch OfRecords(long firstOffset, params IEnumerable<Message<string?, byte[]?>> messages)
    {
        var batch = new Batch();
        batch.Begin(Records(firstOffset, messages));
        var check = new RecordCheck(PipelineDatabase.Key.Topic, PipelineDatabase.Key.Partition, new ParkedUsers(new ParkingOptions(), TimeProvider.System), SchemaCatalog.Empty, hook: null);
        for (var i = 0; i < batch.Records.Count; i++)
            check.Add(i, batch.Records[i], batch);
        return batch;
    }

    private static RecordBuffer Records(long firstOffset, IEnumerable<Message<string?, byte[]?>> messages)
    {
        var records = new RecordBuffer();
        foreach (var message in messages)
        {
            var headers = new byte[RecordHeaders.EncodedLength(message.Headers ?? [])];
            RecordHeaders.Encode(message.Headers ?? [], headers);
            records.Add(new Pipeline.Read.Record
            {
                Offset = firstOffset + records.Count,
                TimestampMilliseconds = Timestamp,
                LeaderEpoch = 7,
                HasKey = message.Key is not null,
                Key = message.Key is null ? default : Encoding.UTF8.GetBytes(message.Key),
                HasValue = message.Value is not null,
                Value = message.Value,
                Headers = headers,
            });
        }

        return records;
    }

    public static string Event(Guid? id = null, string type = "t") =>
        id is null ? $$"""{"eventType":"{{type}}"}""" : $$"""{"eventType":"{{type}}","eventId":"{{id}}"}""";
}
