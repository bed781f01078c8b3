using System.Text;

namespace Millrace.Schemas.Formats;

/// <summary>RFC 3492.</summary>
internal static class Punycode
{
    private const int Base = 36;
    private const int TMin = 1;
    private const int TMax = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int InitialBias = 72;
    private const int InitialN = 128;

    /// <summary>Decodes what follows xn--. Only what would be encoded the same way again is taken, and only when something had to be encoded.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<int> into, out int length)
    {
        length = 0;
        var delimiter = text.LastIndexOf((byte)'-');
        foreach (var b in delimiter < 0 ? default : text[..delimiter])
        {
            into[length++] = char.ToLowerInvariant((char)b);
        }

        var (n, i, bias) = (InitialN, 0L, InitialBias);
        for (var at = delimiter + 1; at < text.Length;)
        {
            var before = i;
            var weight = 1L;
            for (var k = Base; ; k += Base)
            {
                var digit = at == text.Length ? -1 : DigitOf(text[at++]);
                if (digit < 0)
                {
                    return false;
                }

                i += digit * weight;
                var threshold = Math.Clamp(k - bias, TMin, TMax);
                if (digit < threshold)
                {
                    break;
                }

                weight *= Base - threshold;
                if (i > int.MaxValue || weight > int.MaxValue)
                {
                    return false;
                }
            }

            length++;
            bias = Adapt(i - before, length, before == 0);
            if (n + (i / length) > 0x10FFFF || length > into.Length)
            {
                return false;
            }

            n += (int)(i / length);
            i %= length;
            into[(int)i..(length - 1)].CopyTo(into[((int)i + 1)..]);
            into[(int)i++] = n;
        }

        var decoded = into[..length];
        return Rune.IsValid(n) && decoded.ContainsAnyExceptInRange(0, 0x7F) && EncodedLength(decoded) == text.Length;
    }

    /// <summary>How long the encoded form is, without xn--.</summary>
    public static int EncodedLength(ReadOnlySpan<int> label)
    {
        var basic = 0;
        foreach (var codePoint in label)
        {
            basic += codePoint < 0x80 ? 1 : 0;
        }

        var (length, handled, n, delta, bias) = (basic + (basic > 0 ? 1 : 0), basic, InitialN, 0L, InitialBias);
        while (handled < label.Length)
        {
            var next = int.MaxValue;
            foreach (var codePoint in label)
            {
                next = codePoint >= n && codePoint < next ? codePoint : next;
            }

            delta += (long)(next - n) * (handled + 1);
            n = next;
            foreach (var codePoint in label)
            {
                delta += codePoint < n ? 1 : 0;
                if (codePoint == n)
                {
                    length += DigitsOf(delta, bias);
                    bias = Adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }

            delta++;
            n++;
        }

        return length;
    }

    private static int DigitsOf(long delta, int bias)
    {
        var digits = 1;
        for (var k = Base; ; k += Base)
        {
            var threshold = Math.Clamp(k - bias, TMin, TMax);
            if (delta < threshold)
            {
                return digits;
            }

            delta = (delta - threshold) / (Base - threshold);
            digits++;
        }
    }

    private static int Adapt(long delta, int points, bool first)
    {
        delta = first ? delta / Damp : delta / 2;
        delta += delta / points;
        var k = 0;
        for (; delta > (Base - TMin) * TMax / 2; k += Base)
        {
            delta /= Base - TMin;
        }

        return k + (int)((Base - TMin + 1) * delta / (delta + Skew));
    }

    private static int DigitOf(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0' + 26,
        >= (byte)'a' and <= (byte)'z' => b - 'a',
        >= (byte)'A' and <= (byte)'Z' => b - 'A',
        _ => -1,
    };
}
