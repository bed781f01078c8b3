using Millrace.Schemas.Instances;

namespace Millrace.Schemas.Formats;

/// <summary>RFC 3339, section 5.6.</summary>
internal static class Dates
{
    private const int MinutesOfDay = 24 * 60;

    public static bool IsDate(ReadOnlySpan<byte> text, Scratch scratch) => text.Length == 10 && IsFullDate(text);

    public static bool IsTime(ReadOnlySpan<byte> text, Scratch scratch) => IsFullTime(text);

    public static bool IsDateTime(ReadOnlySpan<byte> text, Scratch scratch) =>
        text.Length > 11 && IsFullDate(text[..10]) && text[10] is (byte)'T' or (byte)'t' && IsFullTime(text[11..]);

    private static bool IsFullDate(ReadOnlySpan<byte> text) =>
        TryNumber(text[..2], out var century) && TryNumber(text.Slice(2, 2), out var year) && text[4] == '-'
        && TryNumber(text.Slice(5, 2), out var month) && text[7] == '-' && TryNumber(text.Slice(8, 2), out var day)
        && month is >= 1 and <= 12 && day >= 1 && day <= DaysIn((century * 100) + year, month);

    private static int DaysIn(int year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    /// <summary>hh:mm:ss [. digits] (Z or an offset)</summary>
    private static bool IsFullTime(ReadOnlySpan<byte> text)
    {
        if (text.Length < 9 || !TryNumber(text[..2], out var hour) || text[2] != ':' || !TryNumber(text.Slice(3, 2), out var minute) || text[5] != ':'
            || !TryNumber(text.Slice(6, 2), out var second) || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        var rest = text[8..];
        if (rest[0] == '.')
        {
            var digits = 1;
            while (digits < rest.Length && char.IsAsciiDigit((char)rest[digits]))
            {
                digits++;
            }

            if (digits == 1)
            {
                return false;
            }

            rest = rest[digits..];
        }

        if (!TryOffset(rest, out var offset))
        {
            return false;
        }

        // A leap second is the last second of a day in UTC, whatever the clock shows.
        return second < 60 || (((hour * 60) + minute - offset + MinutesOfDay) % MinutesOfDay) == MinutesOfDay - 1;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text is [(byte)'Z' or (byte)'z'])
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || !TryNumber(text.Slice(1, 2), out var hour) || text[3] != ':'
            || !TryNumber(text.Slice(4, 2), out var minute) || hour > 23 || minute > 59)
        {
            return false;
        }

        minutes = (hour * 60) + minute;
        minutes = text[0] == '-' ? -minutes : minutes;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> twoDigits, out int value)
    {
        int tens = twoDigits[0] - '0', ones = twoDigits[1] - '0';
        value = (tens * 10) + ones;
        return (uint)tens <= 9 && (uint)ones <= 9;
    }
}
