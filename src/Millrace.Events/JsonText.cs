using System.Globalization;

namespace Millrace.Events;

/// <summary>What RFC 8259 allows in a JSON string and PostgreSQL's <c>jsonb</c> refuses.</summary>
internal static class JsonText
{
    /// <summary>Looks through the inside of a JSON string whose syntax has been checked (so every <c>\u</c> has its four digits).</summary>
    public static RefusalReason Check(ReadOnlySpan<byte> escaped)
    {
        while (true)
        {
            var backslash = escaped.IndexOf((byte)'\\');
            if (backslash < 0)
                return RefusalReason.None;
            if (escaped[backslash + 1] != 'u')
            {
                escaped = escaped[(backslash + 2)..];
                continue;
            }

            var unit = Hex(escaped.Slice(backslash + 2, 4));
            escaped = escaped[(backslash + 6)..];
            if (unit == 0)
                return RefusalReason.NulCharacter;
            if (!char.IsSurrogate(unit))
                continue;
            var paired = char.IsHighSurrogate(unit)
                && escaped.Length >= 6 && escaped[0] == '\\' && escaped[1] == 'u'
                && char.IsLowSurrogate(Hex(escaped.Slice(2, 4)));
            if (!paired)
                return RefusalReason.LoneSurrogate;
            escaped = escaped[6..];
        }
    }

    /// <summary>Unicode characters (not bytes, not UTF-16 units) in valid UTF-8, as PostgreSQL's <c>char_length</c> counts them.</summary>
    public static int CountCharacters(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var b in utf8)
        {
            if ((b & 0xC0) != 0x80)
                count++;
        }

        return count;
    }

    private static char Hex(ReadOnlySpan<byte> digits) => (char)ushort.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
