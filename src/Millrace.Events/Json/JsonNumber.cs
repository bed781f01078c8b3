namespace Millrace.Events.Json;

/// <summary>
/// Whether PostgreSQL's <c>numeric</c>, in which <c>jsonb</c> keeps numbers, can hold a JSON number: at most 131072 digits before the
/// decimal point and 16383 after it (PostgreSQL manual, table 8.2), counted after the exponent has moved the point.
/// </summary>
internal static class JsonNumber
{
    private const int MaxIntegerDigits = 131_072;
    private const int MaxFractionDigits = 16_383;

    /// <param name="number">A number whose JSON syntax has been checked.</param>
    public static bool FitsNumeric(ReadOnlySpan<byte> number)
    {
        var exponentAt = number.IndexOfAny((byte)'e', (byte)'E');
        if (exponentAt < 0 && number.Length <= MaxFractionDigits)
            return true;

        var exponent = exponentAt < 0 ? 0 : Exponent(number[(exponentAt + 1)..]);
        var mantissa = exponentAt < 0 ? number : number[..exponentAt];
        if (mantissa[0] == '-')
            mantissa = mantissa[1..];
        var point = mantissa.IndexOf((byte)'.');
        var integerDigits = point < 0 ? mantissa.Length : point;
        var fractionDigits = point < 0 ? 0 : mantissa.Length - point - 1;
        return integerDigits + exponent <= MaxIntegerDigits && fractionDigits - exponent <= MaxFractionDigits;
    }

    /// <summary>The exponent, held at a value far outside the range when it has more digits than matter.</summary>
    private static long Exponent(ReadOnlySpan<byte> text)
    {
        const long farOutside = 10_000_000;
        var negative = text[0] == '-';
        long value = 0;
        foreach (var b in text)
        {
            if (b is (byte)'+' or (byte)'-')
                continue;
            value = Math.Min((value * 10) + (b - '0'), farOutside);
        }

        return negative ? -value : value;
    }
}
