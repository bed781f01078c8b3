using System.Text;
using Millrace.Pipeline.Read;

namespace Millrace.Pipeline.Tests.Read;

public sealed class RecordBufferTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData(null, "")]
    [InlineData("k", "v")]
    public void Record_is_given_back_as_it_was_added(string? key, string? value)
    {
        var buffer = new RecordBuffer();
        buffer.Add(Record(1, "before", "x"));
        buffer.Add(Record(2, key, value));
        buffer.Add(Record(3, "after", "y"));

        var record = buffer[1];

        Assert.Equal(2, record.Offset);
        Assert.Equal(1234, record.TimestampMilliseconds);
        Assert.Equal(9, record.LeaderEpoch);
        Assert.Equal(key, record.HasKey ? Encoding.UTF8.GetString(record.Key) : null);
        Assert.Equal(value, record.HasValue ? Encoding.UTF8.GetString(record.Value) : null);
    }

    [Fact]
    public void Buffer_grows_and_counts_its_bytes()
    {
        var buffer = new RecordBuffer();
        for (var i = 0; i < 100; i++)
            buffer.Add(Record(i, "key", new string('x', 10_000)));

        Assert.Equal(100, buffer.Count);
        Assert.Equal(100 * 10_003, buffer.Bytes);
        Assert.Equal(10_000, buffer[99].Value.Length);
    }

    [Theory]
    [InlineData(long.MinValue, "0001-01-01T00:00:00.0000000Z")]
    [InlineData(-1L, "1969-12-31T23:59:59.9990000Z")]
    [InlineData(0L, "1970-01-01T00:00:00.0000000Z")]
    [InlineData(long.MaxValue, "9999-12-31T23:59:59.9990000Z")]
    public void Timestamp_of_a_record_stays_within_what_a_date_can_be(long milliseconds, string expected)
    {
        var record = new Pipeline.Read.Record
        {
            Offset = 0,
            TimestampMilliseconds = milliseconds,
            LeaderEpoch = null,
            HasKey = false,
            Key = default,
            HasValue = false,
            Value = default,
            Headers = default,
        };

        Assert.Equal(expected, record.Timestamp.ToString("O"));
    }

    internal static Pipeline.Read.Record Record(long offset, string? key, string? value) => new()
    {
        Offset = offset,
        TimestampMilliseconds = 1234,
        LeaderEpoch = 9,
        HasKey = key is not null,
        Key = key is null ? default : Encoding.UTF8.GetBytes(key),
        HasValue = value is not null,
        Value = value is null ? default : Encoding.UTF8.GetBytes(value),
        Headers = default,
    };
}
