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
}
