using Millrace.Schemas.Instances;

namespace Millrace.Schemas.Formats;

/// <summary>
/// RFC 3339, appendix A: units come from the largest to the smallest without one left out between two (P1Y2D is not allowed), weeks stand alone, and
/// there are no fractions.
/// </summary>
internal static class Durations
{
    public static bool IsDuration(ReadOnlySpan<byte> text, Scratch scratch)
    {
        if (text is not [(byte)'P', .. var rest])
        {
            return false;
        }

        var time = rest.IndexOf((byte)'T');
        var date = time < 0 ? rest : rest[..time];
        if (time < 0 && IsRow(date, "W"u8))
        {
            return true;
        }

        return (date.IsEmpty ? time >= 0 : IsRow(date, "YMD"u8)) && (time < 0 || IsRow(rest[(time + 1)..], "HMS"u8));
    }

    /// <summary>Numbers with neighbouring units, at least one.</summary>
    private static bool IsRow(ReadOnlySpan<byte> text, ReadOnlySpan<byte> units)
    {
        var next = -1;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            var unit = digits < 1 ? -1 : units.IndexOf(text[digits]);
            if (unit < 0 || (next >= 0 && unit != next))
            {
                return false;
            }

            next = unit + 1;
            text = text[(digits + 1)..];
        }

        return next > 0;
    }
}
