namespace Millrace.Events.Tests;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("\"2026-03-04T05:06:07Z\"", "2026-03-04T05:06:07.0000000Z")]
    [InlineData("\"2026-03-04t05:06:07z\"", "2026-03-04T05:06:07.0000000Z")]
    [InlineData("\"2026-03-04 05:06:07Z\"", "2026-03-04T05:06:07.0000000Z")]
    [InlineData("\"2026-03-04T05:06:07.1Z\"", "2026-03-04T05:06:07.1000000Z")]
    [InlineData("\"2026-03-04T05:06:07.123456789Z\"", "2026-03-04T05:06:07.1234560Z")]
    [InlineData("\"2026-03-04T05:06:07+05:30\"", "2026-03-03T23:36:07.0000000Z")]
    [InlineData("\"2026-03-04T05:06:07-00:00\"", "2026-03-04T05:06:07.0000000Z")]
    [InlineData("\"2024-02-29T23:59:60Z\"", "2024-03-01T00:00:00.0000000Z")]
    [InlineData("\"0001-01-01T00:00:00Z\"", "0001-01-01T00:00:00.0000000Z")]
    [InlineData("\"9999-12-31T23:59:59.999999Z\"", "9999-12-31T23:59:59.9999990Z")]
    [InlineData("\"2026-03-04T05:06:07\\u005A\"", "2026-03-04T05:06:07.0000000Z")]
    [InlineData("1772600767123", "2026-03-04T05:06:07.1230000Z")]
    [InlineData("1772600767123.4567", "2026-03-04T05:06:07.1234560Z")]
    [InlineData("1.772600767123e12", "2026-03-04T05:06:07.1230000Z")]
    [InlineData("0", "1970-01-01T00:00:00.0000000Z")]
    [InlineData("-0.5", "1969-12-31T23:59:59.9995000Z")]
    [InlineData("-62135596800000", "0001-01-01T00:00:00.0000000Z")]
    [InlineData("253402300799999", "9999-12-31T23:59:59.9990000Z")]
    public void Timestamp_is_read_in_utc_to_the_microsecond(string json, string expected)
    {
        var (reason, envelope, _) = EnvelopeText.Read($$"""{"eventType":"t","timestamp":{{json}}}""");

        Assert.Equal(RefusalReason.None, reason);
        Assert.Equal(expected, envelope!.Timestamp!.Value.ToString("O"));
    }

    [Theory]
    [InlineData("2026-03-04")]
    [InlineData("2026-03-04T05:06Z")]
    [InlineData("2026-03-04T05:06:07.Z")]
    [InlineData("2026-03-04T05:06:07.123")]
    [InlineData("2026-03-04T05:06:07+0530")]
    [InlineData("2026-03-04T05:06:07+24:00")]
    [InlineData("2026-03-04T05:06:07+05:60")]
    [InlineData("2026-03-04T05:06:07ZZ")]
    [InlineData("2026-02-29T05:06:07Z")]
    [InlineData("2026-13-04T05:06:07Z")]
    [InlineData("2026-00-04T05:06:07Z")]
    [InlineData("2026-03-00T05:06:07Z")]
    [InlineData("2026-03-04T24:00:00Z")]
    [InlineData("2026-03-04T05:60:07Z")]
    [InlineData("2026-03-04T05:06:61Z")]
    [InlineData("0000-03-04T05:06:07Z")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("12026-03-04T05:06:07Z")]
    [InlineData("-026-03-04T05:06:07Z")]
    [InlineData("2026-03-04X05:06:07Z")]
    [InlineData("２026-03-04T05:06:07Z")]
    public void Text_that_is_no_date_time_is_refused(string text)
    {
        Assert.Equal(RefusalReason.TimestampInvalid, EnvelopeText.Read($$"""{"eventType":"t","timestamp":"{{text}}"}""").Reason);
    }
}
