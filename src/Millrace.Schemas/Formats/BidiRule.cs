using System.Globalization;

namespace Millrace.Schemas.Formats;

/// <summary>RFC 5893, section 2: in a name with any right-to-left character, every label has to be readable in one direction.</summary>
internal struct BidiRule
{
    private bool _hasRightToLeft;
    private bool _isBroken;

    private enum Direction
    {
        Left,
        Right,
        Digit,
        ArabicDigit,
        Neutral,
        Mark,
    }

    public readonly bool IsMet => !_hasRightToLeft || !_isBroken;

    public void AddAscii(ReadOnlySpan<byte> label) => _isBroken |= !char.IsAsciiLetter((char)label[0]) || label[^1] == '-';

    public void Add(ReadOnlySpan<int> label)
    {
        var first = Of(label[0]);
        var last = first;
        bool digits = false, arabicDigits = false, left = false, right = false;
        foreach (var codePoint in label)
        {
            var direction = Of(codePoint);
            digits |= direction == Direction.Digit;
            arabicDigits |= direction == Direction.ArabicDigit;
            left |= direction == Direction.Left;
            right |= direction == Direction.Right;
            last = direction == Direction.Mark ? last : direction;
        }

        _hasRightToLeft |= right || arabicDigits;
        _isBroken |= first switch
        {
            Direction.Right => left || (digits && arabicDigits) || last == Direction.Neutral,
            Direction.Left => right || arabicDigits || last is not (Direction.Left or Direction.Digit),
            _ => true,
        };
    }

    private static Direction Of(int codePoint)
    {
        if (codePoint is >= '0' and <= '9' or >= 0x06F0 and <= 0x06F9)
        {
            return Direction.Digit;
        }

        if (codePoint is >= 0x0660 and <= 0x0669)
        {
            return Direction.ArabicDigit;
        }

        return CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => Direction.Mark,
            UnicodeCategory.Format or UnicodeCategory.DashPunctuation => Direction.Neutral,

            // The blocks that hold right-to-left scripts.
            _ => codePoint is (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF) or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF)
                ? Direction.Right
                : Direction.Left,
        };
    }
}
