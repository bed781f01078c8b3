using System.Buffers;
using System.Text;

namespace Millrace.Schemas.Formats;

/// <summary>RFC 3986, and RFC 3987, which allows more characters in the same places.</summary>
internal static class Uris
{
    private const string Unreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    private const string SubDelimiters = "!$&'()*+,;=";

    private static readonly SearchValues<byte> SchemeCharacters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
    private static readonly SearchValues<byte> UserInfo = Set(Unreserved + SubDelimiters + ":");
    private static readonly SearchValues<byte> RegisteredName = Set(Unreserved + SubDelimiters);
    private static readonly SearchValues<byte> Path = Set(Unreserved + SubDelimiters + ":@/");
    private static readonly SearchValues<byte> Query = Set(Unreserved + SubDelimiters + ":@/?");

    /// <summary>[scheme :] [// authority] path [? query] [# fragment]</summary>
    public static bool IsValid(ReadOnlySpan<byte> text, bool absolute, bool international)
    {
        var end = text.IndexOfAny(":/?#"u8);
        if (end >= 0 && text[end] == ':')
        {
            var scheme = text[..end];
            if (scheme.IsEmpty || !char.IsAsciiLetter((char)scheme[0]) || scheme.ContainsAnyExcept(SchemeCharacters))
            {
                // Nor is it a relative reference: a colon may not stand in its first segment.
                return false;
            }

            text = text[(end + 1)..];
        }
        else if (absolute)
        {
            return false;
        }

        var fragment = text.IndexOf((byte)'#');
        if (fragment >= 0)
        {
            if (!Has(text[(fragment + 1)..], Query, international, privateUse: false))
            {
                return false;
            }

            text = text[..fragment];
        }

        var query = text.IndexOf((byte)'?');
        if (query >= 0)
        {
            if (!Has(text[(query + 1)..], Query, international, privateUse: true))
            {
                return false;
            }

            text = text[..query];
        }

        if (text.StartsWith("//"u8))
        {
            text = text[2..];
            var path = text.IndexOf((byte)'/');
            if (!IsAuthority(path < 0 ? text : text[..path], international))
            {
                return false;
            }

            text = path < 0 ? default : text[path..];
        }

        return Has(text, Path, international, privateUse: false);
    }

    /// <summary>Whether a character may stand in an IRI where a URI has to escape it.</summary>
    public static bool IsInternational(int codePoint, bool privateUse) =>
        codePoint is (>= 0xA0 and <= 0xD7FF) or (>= 0xF900 and <= 0xFDCF) or (>= 0xFDF0 and <= 0xFFEF)
        || (codePoint is >= 0x10000 and <= 0xEFFFD && (codePoint & 0xFFFF) <= 0xFFFD && codePoint is not (>= 0xE0000 and < 0xE1000))
        || (privateUse && codePoint is (>= 0xE000 and <= 0xF8FF) or (>= 0xF0000 and <= 0xFFFFD) or (>= 0x100000 and <= 0x10FFFD));

    /// <summary>Whether it begins with % and two hexadecimal digits.</summary>
    public static bool IsEscape(ReadOnlySpan<byte> text) => text.Length >= 3 && text[0] == '%' && !text[1..3].ContainsAnyExcept(Addresses.HexDigits);

    /// <summary>[userinfo @] host [: port]</summary>
    private static bool IsAuthority(ReadOnlySpan<byte> text, bool international)
    {
        var at = text.IndexOf((byte)'@');
        if (at >= 0)
        {
            if (!Has(text[..at], UserInfo, international, privateUse: false))
            {
                return false;
            }

            text = text[(at + 1)..];
        }

        ReadOnlySpan<byte> port;
        if (text.StartsWith("["u8))
        {
            var close = text.IndexOf((byte)']');
            if (close < 0 || !IsAddressLiteral(text[1..close]))
            {
                return false;
            }

            port = text[(close + 1)..];
        }
        else
        {
            var colon = text.IndexOf((byte)':');
            if (!Has(colon < 0 ? text : text[..colon], RegisteredName, international, privateUse: false))
            {
                return false;
            }

            port = colon < 0 ? default : text[colon..];
        }

        return port.IsEmpty || (port[0] == ':' && !port[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9'));
    }

    /// <summary>An IPv6 address, or v, a version, a point and an address of the future.</summary>
    private static bool IsAddressLiteral(ReadOnlySpan<byte> text)
    {
        if (text is not [(byte)'v' or (byte)'V', ..])
        {
            return Addresses.IsIPv6(text);
        }

        var point = text.IndexOf((byte)'.');
        return point > 1 && point < text.Length - 1 && !text[1..point].ContainsAnyExcept(Addresses.HexDigits) && !text[(point + 1)..].ContainsAnyExcept(UserInfo);
    }

    private static bool Has(ReadOnlySpan<byte> text, SearchValues<byte> allowed, bool international, bool privateUse)
    {
        while (true)
        {
            var at = text.IndexOfAnyExcept(allowed);
            if (at < 0)
            {
                return true;
            }

            text = text[at..];
            if (text[0] == '%')
            {
                if (!IsEscape(text))
                {
                    return false;
                }

                text = text[3..];
                continue;
            }

            Rune.DecodeFromUtf8(text, out var rune, out var length);
            if (!international || !IsInternational(rune.Value, privateUse))
            {
                return false;
            }

            text = text[length..];
        }
    }

    private static SearchValues<byte> Set(string characters) => SearchValues.Create(Encoding.ASCII.GetBytes(characters));
}
