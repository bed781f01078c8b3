using System.Buffers.Binary;
using Millrace.Protocol.Records;
using Millrace.Protocol.Tests.Records;

namespace Millrace.Protocol.Tests.Fuzz;

/// <summary>Whatever the bytes, reading a record set ends in records or in a <see cref="WireFormatException"/>.</summary>
public sealed class RecordFuzzTests
{
    private const int Rounds = 300;
    private const int Cap = 256 * 1024;

    public static TheoryData<string> Cases => GoldenRecordSet.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Mutated_record_set_gives_records_or_a_format_error(string name)
    {
        byte[] original = GoldenRecordSet.Named(name).Bytes;
        var mutator = new Mutator(seed: 20260102);
        for (int round = 0; round < Rounds; round++)
        {
            ReadAll(mutator.Mutate(original));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Mutated_records_behind_a_right_header_give_records_or_a_format_error(string name)
    {
        // Mutation anywhere mostly ends at the length or format of the header; this reaches the codecs and the records.
        byte[] original = GoldenRecordSet.Named(name).Bytes;
        if (original.Length <= RecordBatchHeader.Size)
        {
            return;
        }

        var mutator = new Mutator(seed: 20260103);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] batch = [.. original[..RecordBatchHeader.Size], .. mutator.Mutate(original.AsSpan(RecordBatchHeader.Size))];
            BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(RecordBatchHeader.BatchLengthAt), batch.Length - RecordBatchHeader.LengthPrefixSize);
            ReadAll(batch);
        }
    }

    private static void ReadAll(byte[] bytes)
    {
        try
        {
            ReadOnlyMemory<byte> rest = bytes;
            while (RecordSet.TryTake(ref rest, out ReadOnlyMemory<byte> batch))
            {
                using var reader = new RecordReader(batch, Cap);
                while (reader.TryRead(out Protocol.Records.Record record))
                {
                    foreach (RecordHeader header in record.Headers)
                    {
                        Assert.True(header.Key.Length <= Cap);
                    }
                }
            }
        }
        catch (WireFormatException)
        {
            // The other allowed outcome. Any other exception fails the test with its own stack.
        }
    }
}
