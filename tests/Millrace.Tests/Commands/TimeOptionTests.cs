using Millrace.Commands;

namespace Millrace.Tests.Commands;

public sealed class TimeOptionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2026-01-31", "2026-01-31T00:00:00Z")]
    [InlineData("2026-01-31 10:30", "2026-01-31T10:30:00Z")]
    [InlineData("2026-01-31T10:30:15Z", "2026-01-31T10:30:15Z")]
    [InlineData("2026-01-31T10:30:15.25Z", "2026-01-31T10:30:15.25Z")]
    [InlineData("2026-01-31T10:30:15+02:00", "2026-01-31T08:30:15Z")]
    [InlineData("90s", "2026-03-01T11:58:30Z")]
    [InlineData("30m", "2026-03-01T11:30:00Z")]
    [InlineData("2h", "2026-03-01T10:00:00Z")]
    [InlineData("1d", "2026-02-28T12:00:00Z")]
    public void Time_is_read_as_utc(string text, string expected)
    {
        DateTimeOffset? moment = TimeOption.Parse(text, Now);

        Assert.Equal(DateTimeOffset.Parse(expected), moment);
        // PostgreSQL's library takes no other offset.
        Assert.Equal(TimeSpan.Zero, moment!.Value.Offset);
    }

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("5")]
    [InlineData("-5h")]
    [InlineData("1.5h")]
    [InlineData("5w")]
    [InlineData("yesterday")]
    [InlineData("31.01.2026")]
    [InlineData("2026-02-30")]
    [InlineData("2147483647d")]
    public void Anything_else_is_refused(string text) => Assert.Null(TimeOption.Parse(text, Now));
}
