using System.Buffers;
using System.Text;
using Millrace.Schemas.Instances;

namespace Millrace.Schemas.Formats;

/// <summary>RFC 6570, with its erratum that allows an apostrophe in a literal.</summary>
internal static class UriTemplates
{
    private static readonly SearchValues<byte> NotLiteral = SearchValues.Create([.. Enumerable.Range(0, 0x21).Select(value => (byte)value), .. "\"%<>\\^`{|}\u007F"u8]);

    public static bool IsTemplate(ReadOnlySpan<byte> text, Scratch scratch)
    {
        while (!text.IsEmpty)
        {
            if (text[0] == '{')
            {
                var close = text.IndexOf((byte)'}');
                if (close < 0 || !IsExpression(text[1..close]))
                {
                    return false;
                }

                text = text[(close + 1)..];
            }
            else if (text[0] == '%')
            {
                if (!Uris.IsEscape(text))
                {
                    return false;
                }

                text = text[3..];
            }
            else
            {
                Rune.DecodeFromUtf8(text, out var rune, out var length);
                if (rune.IsAscii ? NotLiteral.Contains(text[0]) : !Uris.IsInternational(rune.Value, privateUse: true))
                {
                    return false;
                }

                text = text[length..];
            }
        }

        return true;
    }

    /// <summary>[operator] variable *( , variable)</summary>
    private static bool IsExpression(ReadOnlySpan<byte> text)
    {
        if (text is [(byte)'+' or (byte)'#' or (byte)'.' or (byte)'/' or (byte)';' or (byte)'?' or (byte)'&', ..])
        {
            text = text[1..];
        }

        while (true)
        {
            var comma = text.IndexOf((byte)',');
            if (!IsVariable(comma < 0 ? text : text[..comma]))
            {
                return false;
            }

            if (comma < 0)
            {
                return true;
            }

            text = text[(comma + 1)..];
        }
    }

    /// <summary>name [* or : and a length from 1 to 9999]</summary>
    private static bool IsVariable(ReadOnlySpan<byte> text)
    {
        if (text.EndsWith("*"u8))
        {
            text = text[..^1];
        }
        else if (text.IndexOf((byte)':') is >= 0 and var colon)
        {
            var length = text[(colon + 1)..];
            if (length.Length is 0 or > 4 || length[0] == '0' || length.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                return false;
            }

            text = text[..colon];
        }

        var afterDot = true;
        while (!text.IsEmpty)
        {
            if (text[0] == '.' && !afterDot)
            {
                afterDot = true;
                text = text[1..];
                continue;
            }

            afterDot = false;
            var isEscape = Uris.IsEscape(text);
            if (!isEscape && !char.IsAsciiLetterOrDigit((char)text[0]) && text[0] != '_')
            {
                return false;
            }

            text = text[(isEscape ? 3 : 1)..];
        }

        return !afterDot;
    }
}
