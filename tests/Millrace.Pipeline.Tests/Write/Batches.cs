using System.Text;
using Millrace.Pipeline.Check;
using Millrace.Pipeline.Read;
using Millrace.Pipeline.Write;

namespace Millrace.Pipeline.Tests.Write;

/// <summary>Batches as a lane makes them.</summary>
internal static class Batches
{
    public const long Timestamp = 1_772_600_767_123;

    public static Batch Of(long firstOffset, params IEnumerable<string?> values) =>
        OfBytes(firstOffset, values.Select(value => value is null ? null : Encoding.UTF8.GetBytes(value)));

    public static Batch OfBytes(long firstOffset, IEnumerable<byte[]?> values)
    {
        var records = new RecordBuffer();
        foreach (var value in values)
        {
            records.Add(new Pipeline.Read.Record
            {
                Offset = firstOffset + records.Count,
                TimestampMilliseconds = Timestamp,
                LeaderEpoch = 7,
                HasKey = true,
                Key = "key"u8,
                HasValue = value is not null,
                Value = value,
            });
        }

        var batch = new Batch();
        batch.Begin(records);
        var check = new RecordCheck(PipelineDatabase.Key.Topic, PipelineDatabase.Key.Partition);
        for (var i = 0; i < records.Count; i++)
            check.Add(i, records[i], batch);
        return batch;
    }

    public static string Event(Guid? id = null, string type = "t") =>
        id is null ? $$"""{"eventType":"{{type}}"}""" : $$"""{"eventType":"{{type}}","eventId":"{{id}}"}""";
}
