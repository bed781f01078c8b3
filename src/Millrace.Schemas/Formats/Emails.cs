using System.Buffers;
using Millrace.Schemas.Instances;

namespace Millrace.Schemas.Formats;

/// <summary>The Mailbox of RFC 5321, section 4.1.2, and with any character beyond ASCII of RFC 6531.</summary>
internal static class Emails
{
    private const int MaxLocalPart = 64;

    private static readonly SearchValues<byte> Atom = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~"u8);

    public static bool IsEmail(ReadOnlySpan<byte> text, Scratch scratch) => IsMailbox(text, international: false, scratch);

    public static bool IsInternationalEmail(ReadOnlySpan<byte> text, Scratch scratch) => IsMailbox(text, international: true, scratch);

    private static bool IsMailbox(ReadOnlySpan<byte> text, bool international, Scratch scratch)
    {
        var at = text.LastIndexOf((byte)'@');
        if (at is < 1 or > MaxLocalPart)
        {
            return false;
        }

        var local = text[..at];
        var domain = text[(at + 1)..];
        if (!(local[0] == '"' ? IsQuoted(local, international) : IsDotString(local, international)))
        {
            return false;
        }

        if (domain is [(byte)'[', .. var literal, (byte)']'])
        {
            return literal.StartsWith("IPv6:"u8) ? Addresses.IsIPv6(literal[5..]) : Addresses.IsIPv4(literal);
        }

        return international ? IsInternationalDomain(domain) : Hostnames.IsHostname(domain, scratch);
    }

    private static bool IsDotString(ReadOnlySpan<byte> text, bool international)
    {
        var afterDot = true;
        foreach (var b in text)
        {
            if (b == '.' ? afterDot : b < 0x80 ? !Atom.Contains(b) : !international)
            {
                return false;
            }

            afterDot = b == '.';
        }

        return !afterDot;
    }

    private static bool IsQuoted(ReadOnlySpan<byte> text, bool international)
    {
        if (text.Length < 2 || text[^1] != '"')
        {
            return false;
        }

        var inside = text[1..^1];
        for (var i = 0; i < inside.Length; i++)
        {
            var escaped = inside[i] == '\\';
            i += escaped ? 1 : 0;
            if (i == inside.Length || inside[i] is < 0x20 or 0x7F || (!escaped && inside[i] == '"') || (inside[i] >= 0x80 && !international))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Labels of letters, digits, hyphens inside and anything beyond ASCII: mail systems, not the format, decide which of those exist.</summary>
    private static bool IsInternationalDomain(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var dot = text.IndexOf((byte)'.');
            var label = dot < 0 ? text : text[..dot];
            if (label.IsEmpty || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }

            foreach (var b in label)
            {
                if (b < 0x80 && b != '-' && !char.IsAsciiLetterOrDigit((char)b))
                {
                    return false;
                }
            }

            if (dot < 0)
            {
                return true;
            }

            text = text[(dot + 1)..];
        }
    }
}
