using System.Text;
using Millrace.Schemas.Instances;

namespace Millrace.Schemas.Formats;

/// <summary>RFC 1123 for ASCII names; RFC 5890 to 5893 for the others and for labels that begin with xn--.</summary>
internal static class Hostnames
{
    private const int MaxName = 253;
    private const int MaxLabel = 63;

    /// <summary>More bytes than any name has whose encoded form fits <see cref="MaxName"/>.</summary>
    private const int MaxUtf8 = 1024;

    public static bool IsHostname(ReadOnlySpan<byte> text, Scratch scratch)
    {
        if (text.Length is 0 or > MaxName)
        {
            return false;
        }

        Span<int> codePoints = stackalloc int[MaxLabel];
        var bidi = new BidiRule();
        while (true)
        {
            var dot = text.IndexOf((byte)'.');
            if (!IsAsciiLabel(dot < 0 ? text : text[..dot], codePoints, ref bidi))
            {
                return false;
            }

            if (dot < 0)
            {
                return bidi.IsMet;
            }

            text = text[(dot + 1)..];
        }
    }

    public static bool IsInternationalHostname(ReadOnlySpan<byte> text, Scratch scratch)
    {
        if (text.Length is 0 or > MaxUtf8)
        {
            return false;
        }

        Span<int> label = stackalloc int[MaxUtf8];
        Span<int> decoded = stackalloc int[MaxLabel];
        var bidi = new BidiRule();
        var (length, total) = (0, 0);
        while (true)
        {
            var isEnd = text.IsEmpty;
            var rune = default(Rune);
            if (!isEnd)
            {
                Rune.DecodeFromUtf8(text, out rune, out var bytes);
                text = text[bytes..];
            }

            // The ideographic, fullwidth and halfwidth full stops separate labels too.
            if (!isEnd && rune.Value is not ('.' or 0x3002 or 0xFF0E or 0xFF61))
            {
                label[length++] = rune.Value;
                continue;
            }

            if (!IsLabel(label[..length], decoded, ref bidi, out var encoded))
            {
                return false;
            }

            total += encoded + (isEnd ? 0 : 1);
            length = 0;
            if (isEnd)
            {
                return total <= MaxName && bidi.IsMet;
            }
        }
    }

    private static bool IsLabel(ReadOnlySpan<int> label, Span<int> decoded, ref BidiRule bidi, out int encoded)
    {
        encoded = label.Length;
        if (!label.ContainsAnyExceptInRange(0, 0x7F))
        {
            Span<byte> ascii = stackalloc byte[MaxLabel];
            if (label.Length > MaxLabel)
            {
                return false;
            }

            for (var i = 0; i < label.Length; i++)
            {
                ascii[i] = (byte)label[i];
            }

            return IsAsciiLabel(ascii[..label.Length], decoded, ref bidi);
        }

        encoded = 4 + Punycode.EncodedLength(label);
        return encoded <= MaxLabel && InternationalLabels.IsValid(label, ref bidi);
    }

    private static bool IsAsciiLabel(ReadOnlySpan<byte> label, Span<int> decoded, ref BidiRule bidi)
    {
        if (label.Length is 0 or > MaxLabel || label[0] == '-' || label[^1] == '-')
        {
            return false;
        }

        foreach (var b in label)
        {
            if (b != '-' && !char.IsAsciiLetterOrDigit((char)b))
            {
                return false;
            }
        }

        if (!(label.Length >= 4 && (label[0] | 0x20) == 'x' && (label[1] | 0x20) == 'n' && label[2] == '-' && label[3] == '-'))
        {
            bidi.AddAscii(label);
            return true;
        }

        return Punycode.TryDecode(label[4..], decoded, out var length) && InternationalLabels.IsValid(decoded[..length], ref bidi);
    }
}
