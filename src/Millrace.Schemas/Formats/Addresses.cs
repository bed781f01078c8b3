using Millrace.Schemas.Instances;

namespace Millrace.Schemas.Formats;

internal static class Addresses
{
    /// <summary>Four decimal numbers without leading zeros, which some readers take for octal (RFC 2673, section 3.2).</summary>
    public static bool IsIPv4(ReadOnlySpan<byte> text, Scratch scratch) => IsIPv4(text);

    /// <summary>RFC 4291, section 2.2. A zone is not part of the address.</summary>
    public static bool IsIPv6(ReadOnlySpan<byte> text, Scratch scratch) => IsIPv6(text);

    public static bool IsUuid(ReadOnlySpan<byte> text, Scratch scratch)
    {
        if (text.Length != 36)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (i is 8 or 13 or 18 or 23 ? text[i] != '-' : !char.IsAsciiHexDigit((char)text[i]))
            {
                return false;
            }
        }

        return true;
    }

    public static bool IsIPv4(ReadOnlySpan<byte> text)
    {
        for (var part = 0; part < 4; part++)
        {
            var dot = text.IndexOf((byte)'.');
            var number = part == 3 ? text : dot < 0 ? default : text[..dot];
            if (number.Length is 0 or > 3 || number.ContainsAnyExceptInRange((byte)'0', (byte)'9') || (number.Length > 1 && number[0] == '0')
                || (number.Length == 3 && number.SequenceCompareTo("255"u8) > 0))
            {
                return false;
            }

            text = part == 3 ? text : text[(dot + 1)..];
        }

        return true;
    }

    public static bool IsIPv6(ReadOnlySpan<byte> text)
    {
        var groups = 0;
        var gap = false;
        if (text.StartsWith("::"u8))
        {
            gap = true;
            text = text[2..];
        }

        while (!text.IsEmpty)
        {
            var colon = text.IndexOf((byte)':');
            var group = colon < 0 ? text : text[..colon];
            if (colon < 0 && group.Contains((byte)'.'))
            {
                groups += 2;
                return IsIPv4(group) && (gap ? groups < 8 : groups == 8);
            }

            if (group.Length is 0 or > 4 || group.ContainsAnyExcept(HexDigits))
            {
                return false;
            }

            groups++;
            if (colon < 0)
            {
                break;
            }

            text = text[(colon + 1)..];
            if (text.StartsWith(":"u8))
            {
                if (gap)
                {
                    return false;
                }

                gap = true;
                text = text[1..];
            }
            else if (text.IsEmpty)
            {
                return false;
            }
        }

        return gap ? groups < 8 : groups == 8;
    }

    public static readonly System.Buffers.SearchValues<byte> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF"u8);
}
