using System.Buffers.Text;

namespace Millrace.Schemas.Instances;

/// <summary>Numbers as most events have them, for which no exact arithmetic is needed.</summary>
internal static class WholeNumber
{
    /// <summary>As many digits, with a sign, as a long can always hold, and one more to it or from it.</summary>
    private const int MaxLength = 18;

    /// <summary>Reads a number that is written without a fraction and an exponent; false for all others, and for long ones.</summary>
    public static bool TryRead(ReadOnlySpan<byte> number, out long value)
    {
        value = 0;
        return number.Length <= MaxLength && Utf8Parser.TryParse(number, out value, out var read) && read == number.Length;
    }

    /// <summary>Reads the whole numbers that a number is between, or the one that it is; false where it is negative with a fraction, has an exponent or is long.</summary>
    public static bool TryRead(ReadOnlySpan<byte> number, out long from, out long to)
    {
        to = 0;
        if (number.Length > MaxLength || !Utf8Parser.TryParse(number, out from, out var read))
        {
            from = 0;
            return false;
        }

        var hasFraction = read < number.Length;
        to = hasFraction ? from + 1 : from;
        return !hasFraction || (number[0] != '-' && number[read] == '.' && !number[read..].ContainsAny((byte)'e', (byte)'E'));
    }
}
