using System.Text;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Tests;

/// <summary>Record batches as clients build them.</summary>
internal static class Batches
{
    public static byte[] Of(params string[] values) => Build(values, -1, -1, -1);

    public static byte[] At(long timestamp, params string[] values) => Build(values, -1, -1, -1, timestamp);

    /// <summary>A batch of an idempotent producer.</summary>
    public static byte[] Idempotent(long producerId, short epoch, int sequence, params string[] values) =>
        Build(values, producerId, epoch, sequence);

    public static byte[] Build(
        string[] values, long producerId, short epoch, int sequence, long timestamp = 1_000, RecordBatchAttributes attributes = default)
    {
        using var builder = new RecordBatchBuilder
        {
            ProducerId = producerId,
            ProducerEpoch = epoch,
            BaseSequence = sequence,
            Attributes = attributes,
        };
        foreach (var value in values)
            builder.Append(timestamp++, null, Encoding.UTF8.GetBytes(value));
        return builder.Build();
    }

    public static RecordBatchHeader HeaderOf(ReadOnlyMemory<byte> batch)
    {
        Assert.True(RecordBatchHeader.TryRead(batch.Span, out var header));
        return header;
    }

    public static List<(long Offset, string Value)> Read(ReadOnlyMemory<byte> set)
    {
        var records = new List<(long, string)>();
        while (RecordSet.TryTake(ref set, out var batch))
        {
            Assert.True(RecordBatchHeader.CrcIsValid(batch.Span));
            using var reader = new RecordReader(batch, 1024 * 1024);
            while (reader.TryRead(out var record))
                records.Add((record.Offset, Encoding.UTF8.GetString(record.Value!.Value.Span)));
        }

        Assert.True(set.IsEmpty, "the answer ends with a batch that is cut off");
        return records;
    }
}
