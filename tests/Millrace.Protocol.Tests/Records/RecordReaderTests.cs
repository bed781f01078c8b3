using System.Buffers.Binary;
using Millrace.Protocol.Records;
using Record = Millrace.Protocol.Records.Record;

namespace Millrace.Protocol.Tests.Records;

/// <summary>What the record reader refuses; what it accepts is shown by the golden tests.</summary>
public sealed class RecordReaderTests
{
    private const int Cap = 1024 * 1024;

    /// <summary>Length 6, attributes, time and offset 0, key and value null, no headers.</summary>
    private const string Nulls = "0c" + "000000" + "01" + "01" + "00";

    [Fact]
    public void Record_that_is_right_is_read()
    {
        using var reader = new RecordReader(Batch("10" + "00" + "00" + "00" + "026b" + "0276" + "00", count: 1), Cap);

        Assert.True(reader.TryRead(out Record record));
        Assert.Equal("k"u8.ToArray(), record.Key!.Value.ToArray());
        Assert.Equal("v"u8.ToArray(), record.Value!.Value.ToArray());
        Assert.False(reader.TryRead(out _));
        Assert.False(reader.TryRead(out _));
    }

    [Theory]
    [InlineData("01" + "000000010100", 1, "holds -1 parts")] // the length of the record
    [InlineData("7e" + "000000010100", 1, "holds 63 parts")]
    [InlineData("0a" + "0000000101" + "0000", 1, "a varint is cut off")] // before the number of headers
    [InlineData("0e" + "000000010100" + "00", 1, "1 bytes follow its last header")]
    [InlineData("0c" + "000000" + "03" + "0100", 1, "a length of -2")] // key
    [InlineData("0c" + "000000" + "7e" + "0100", 1, "a length of 63")]
    [InlineData("0c" + "000000" + "01" + "7e" + "00", 1, "a length of 63")] // value
    [InlineData("0c" + "000000" + "0101" + "01", 1, "holds -1 parts")] // headers
    [InlineData("0c" + "000000" + "0101" + "7e", 1, "holds 63 parts")]
    [InlineData("10" + "000000" + "0101" + "02" + "01" + "00", 1, "a name is null")]
    [InlineData("10" + "000000" + "0101" + "02" + "00" + "7e", 1, "a length of 63")] // header value
    [InlineData("10" + "00" + "ffffffffffffff", 1, "a varlong is cut off")]
    [InlineData(Nulls + Nulls, 1, "7 bytes follow the last record")]
    [InlineData(Nulls, 2, "2 records do not fit")]
    [InlineData(Nulls, -1, "-1 records do not fit")]
    [InlineData(Nulls, int.MaxValue, "records do not fit")]
    public void Records_that_are_damaged_are_refused(string hex, int count, string why)
    {
        var exception = Assert.Throws<WireFormatException>(() =>
        {
            using var reader = new RecordReader(Batch(hex, count), Cap);
            while (reader.TryRead(out _))
            {
            }
        });

        Assert.Contains(why, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_that_is_cut_off_is_refused()
    {
        ReadOnlyMemory<byte> batch = Batch(Nulls, count: 1);

        Assert.Throws<WireFormatException>(() => new RecordReader(batch[..^1], Cap));
        Assert.Throws<WireFormatException>(() => new RecordReader(batch[..60], Cap));
        Assert.Throws<WireFormatException>(() => new RecordReader(default, Cap));
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(48)]
    [InlineData(int.MinValue)]
    public void Batch_with_a_false_length_is_refused(int length)
    {
        byte[] batch = Batch(Nulls, count: 1).ToArray();
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(RecordBatchHeader.BatchLengthAt), length);

        Assert.Throws<WireFormatException>(() => new RecordReader(batch, Cap));
    }

    [Fact]
    public void Bytes_after_the_batch_are_left_alone()
    {
        byte[] batch = [.. Batch(Nulls, count: 1).Span, 1, 2, 3];
        using var reader = new RecordReader(batch, Cap);

        Assert.True(reader.TryRead(out _));
        Assert.False(reader.TryRead(out _));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(13)]
    [InlineData(int.MinValue)]
    public void Set_with_a_length_that_no_format_has_is_refused(int length)
    {
        byte[] bytes = new byte[100];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(RecordBatchHeader.BatchLengthAt), length);

        Assert.Throws<WireFormatException>(() =>
        {
            ReadOnlyMemory<byte> rest = bytes;
            RecordSet.TryTake(ref rest, out _);
        });
    }

    [Fact]
    public void Set_cut_at_any_byte_gives_its_whole_batches()
    {
        byte[] batch = Batch(Nulls, count: 1).ToArray();
        byte[] set = [.. batch, .. batch];
        for (int size = 0; size <= set.Length; size++)
        {
            ReadOnlyMemory<byte> rest = set.AsMemory(0, size);
            int taken = 0;
            while (RecordSet.TryTake(ref rest, out ReadOnlyMemory<byte> next))
            {
                Assert.Equal(batch, next.ToArray());
                taken++;
            }

            Assert.Equal(size / batch.Length, taken);
            Assert.Equal(size % batch.Length, rest.Length);
        }
    }

    private static ReadOnlyMemory<byte> Batch(string records, int count)
    {
        byte[] body = Convert.FromHexString(records);
        byte[] batch = [.. new byte[RecordBatchHeader.Size], .. body];
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(RecordBatchHeader.BatchLengthAt), batch.Length - RecordBatchHeader.LengthPrefixSize);
        batch[RecordBatchHeader.MagicAt] = 2;
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(RecordBatchHeader.RecordCountAt), count);
        return batch;
    }
}
