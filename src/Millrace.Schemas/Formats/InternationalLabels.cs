using System.Globalization;
using System.Text;

namespace Millrace.Schemas.Formats;

/// <summary>
/// Which labels IDNA 2008 allows (RFC 5891 and 5892). Stability under normalisation is judged by case only: .NET normalises nothing
/// when globalization is invariant, as it is here.
/// </summary>
internal static class InternationalLabels
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    public static bool IsValid(ReadOnlySpan<int> label, ref BidiRule bidi)
    {
        if (label.IsEmpty || label[0] == '-' || label[^1] == '-' || (label.Length >= 4 && label[2] == '-' && label[3] == '-'))
        {
            return false;
        }

        if (CharUnicodeInfo.GetUnicodeCategory(label[0]) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark)
        {
            return false;
        }

        for (var i = 0; i < label.Length; i++)
        {
            if (!IsAllowed(label, i))
            {
                return false;
            }
        }

        bidi.Add(label);
        return true;
    }

    private static bool IsAllowed(ReadOnlySpan<int> label, int at) => label[at] switch
    {
        // RFC 5892, section 2.6 and appendix A: exceptions, and characters that depend on their neighbours.
        0xDF or 0x3C2 or 0x6FD or 0x6FE or 0xF0B or 0x3007 => true,
        0x640 or 0x7FA or 0x302E or 0x302F or (>= 0x3031 and <= 0x3035) or 0x303B => false,
        0xB7 => at > 0 && at < label.Length - 1 && label[at - 1] == 'l' && label[at + 1] == 'l',
        0x375 => at < label.Length - 1 && IsGreek(label[at + 1]),
        0x5F3 or 0x5F4 => at > 0 && label[at - 1] is (>= 0x591 and <= 0x5F4) or (>= 0xFB1D and <= 0xFB4F),
        0x30FB => HasKanaOrHan(label),
        >= 0x660 and <= 0x669 => !label.ContainsAnyInRange(0x6F0, 0x6F9),
        >= 0x6F0 and <= 0x6F9 => !label.ContainsAnyInRange(0x660, 0x669),
        ZeroWidthJoiner => at > 0 && IsVirama(label[at - 1]),
        ZeroWidthNonJoiner => (at > 0 && IsVirama(label[at - 1])) || JoinsAcross(label, at),

        // Hangul that is composed of parts, marks for symbols, and what is invisible.
        (>= 0x1100 and <= 0x11FF) or (>= 0xA960 and <= 0xA97F) or (>= 0xD7B0 and <= 0xD7FF) or (>= 0x20D0 and <= 0x20FF) or 0x34F or 0x17B4 or 0x17B5
            or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) or 0x115F or 0x1160 or 0x3164 or 0xFFA0 => false,
        '-' => true,
        var codePoint => IsLetterOrDigit(codePoint),
    };

    private static bool IsLetterOrDigit(int codePoint) =>
        Rune.IsValid(codePoint)
        && codePoint is not (>= 0xF900 and <= 0xFAFF) and not (>= 0xFB00 and <= 0xFB4F) and not (>= 0xFF00 and <= 0xFFEF)
        && CharUnicodeInfo.GetUnicodeCategory(codePoint) is UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber
        && Rune.ToLowerInvariant(new Rune(codePoint)).Value == codePoint;

    private static bool IsGreek(int codePoint) => codePoint is (>= 0x370 and <= 0x3FF) or (>= 0x1F00 and <= 0x1FFF);

    private static bool HasKanaOrHan(ReadOnlySpan<int> label)
    {
        foreach (var codePoint in label)
        {
            if (codePoint is (>= 0x3041 and <= 0x3096) or (>= 0x309D and <= 0x309F) or (>= 0x30A1 and <= 0x30FA) or (>= 0x30FD and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF)
                or 0x3005 or 0x3007 or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0x20000 and <= 0x3FFFF))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Between two letters of Arabic that would join, marks aside. The other joining scripts are not told apart here.</summary>
    private static bool JoinsAcross(ReadOnlySpan<int> label, int at)
    {
        var before = at - 1;
        while (before >= 0 && IsMark(label[before]))
        {
            before--;
        }

        var after = at + 1;
        while (after < label.Length && IsMark(label[after]))
        {
            after++;
        }

        return before >= 0 && after < label.Length && JoinsBoth(label[before]) && (JoinsBoth(label[after]) || JoinsRight(label[after]));
    }

    private static bool IsMark(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) == UnicodeCategory.NonSpacingMark;

    private static bool JoinsBoth(int codePoint) =>
        codePoint is (>= 0x620 and <= 0x64A) or (>= 0x66E and <= 0x6D3) or (>= 0x6FA and <= 0x6FF) && codePoint is not (0x621 or 0x674) && !JoinsRight(codePoint);

    private static bool JoinsRight(int codePoint) => codePoint is (>= 0x622 and <= 0x625) or 0x627 or 0x629 or (>= 0x62F and <= 0x632) or 0x648 or (>= 0x671 and <= 0x673)
        or (>= 0x675 and <= 0x677) or (>= 0x688 and <= 0x699) or 0x6C0 or (>= 0x6C3 and <= 0x6CB) or 0x6CD or 0x6CF or 0x6D2 or 0x6D3 or 0x6D5 or 0x6EE or 0x6EF;

    private static bool IsVirama(int codePoint) => codePoint is 0x94D or 0x9CD or 0xA4D or 0xACD or 0xB4D or 0xBCD or 0xC4D or 0xCCD or 0xD3B or 0xD3C or 0xD4D or 0xDCA or 0xE3A
        or 0xEBA or 0xF84 or 0x1039 or 0x103A or 0x1714 or 0x1734 or 0x17D2 or 0x1A60 or 0x1B44 or 0x1BAA or 0x1BAB or 0x1BF2 or 0x1BF3 or 0x2D7F or 0xA806 or 0xA8C4 or 0xA953
        or 0xA9C0 or 0xAAF6 or 0xABED or 0x10A3F or 0x11046 or 0x1107F or 0x110B9 or 0x11133 or 0x11134 or 0x111C0 or 0x11235 or 0x112EA or 0x1134D or 0x11442 or 0x114C2
        or 0x115BF or 0x1163F or 0x116B6 or 0x1172B or 0x11839 or 0x119E0 or 0x11A34 or 0x11A47 or 0x11A99 or 0x11C3F or 0x11D44 or 0x11D45 or 0x11D97;
}
