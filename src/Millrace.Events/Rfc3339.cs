namespace Millrace.Events;

/// <summary>
/// RFC 3339 date-times to the microsecond (further digits are cut off). The offset is required, as in the RFC: a local time without one
/// does not say when something happened. Second 60 is taken, as PostgreSQL does, for the first second of the next minute.
/// </summary>
internal static class Rfc3339
{
    /// <summary>Reads the whole of <paramref name="text"/>; false when it is not a date-time or not in the years 1 to 9999 in UTC.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateTime utc)
    {
        utc = default;

        // yyyy-MM-ddTHH:mm:ss, then an optional fraction, then Z or an offset.
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':'
            || text[10] is not ((byte)'T' or (byte)'t' or (byte)' '))
            return false;
        if (!TryDigits(text[..4], out var year) || !TryDigits(text.Slice(5, 2), out var month) || !TryDigits(text.Slice(8, 2), out var day)
            || !TryDigits(text.Slice(11, 2), out var hour) || !TryDigits(text.Slice(14, 2), out var minute) || !TryDigits(text.Slice(17, 2), out var second))
            return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60)
            return false;

        var rest = text[19..];
        if (!TryFraction(ref rest, out var fractionTicks) || !TryOffset(rest, out var offsetMinutes))
            return false;

        var ticks = new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc).Ticks
            + (second * TimeSpan.TicksPerSecond) + fractionTicks - (offsetMinutes * TimeSpan.TicksPerMinute);
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
            return false;
        utc = new DateTime(ticks, DateTimeKind.Utc);
        return true;
    }

    private static bool TryFraction(ref ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        if (rest[0] != '.')
            return true;
        var end = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (end <= 0)
            return false;
        var unit = TimeSpan.TicksPerSecond;
        foreach (var digit in rest.Slice(1, Math.Min(end, 6)))
        {
            unit /= 10;
            ticks += (digit - '0') * unit;
        }

        rest = rest[(end + 1)..];
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> rest, out int minutes)
    {
        minutes = 0;
        if (rest.Length == 1)
            return rest[0] is (byte)'Z' or (byte)'z';
        if (rest.Length != 6 || rest[0] is not ((byte)'+' or (byte)'-') || rest[3] != ':'
            || !TryDigits(rest.Slice(1, 2), out var hour) || !TryDigits(rest[4..], out var minute) || hour > 23 || minute > 59)
            return false;
        minutes = ((hour * 60) + minute) * (rest[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var b in text)
        {
            if (b is < (byte)'0' or > (byte)'9')
                return false;
            value = (value * 10) + (b - '0');
        }

        return true;
    }
}
