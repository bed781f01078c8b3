using System.Globalization;

namespace Millrace.Protocol.Generator.Model;

/// <summary>Versions from <paramref name="Min"/> to <paramref name="Max"/>, both included; empty when they cross.</summary>
internal readonly record struct VersionRange(short Min, short Max)
{
    public static readonly VersionRange None = new(0, -1);
    public static readonly VersionRange All = new(0, short.MaxValue);

    public bool IsEmpty => Min > Max;

    public bool Contains(short version) => version >= Min && version <= Max;

    public bool Covers(VersionRange other) => other.IsEmpty || (Min <= other.Min && Max >= other.Max);

    public VersionRange Intersect(VersionRange other)
    {
        var both = new VersionRange(Math.Max(Min, other.Min), Math.Min(Max, other.Max));
        return both.IsEmpty ? None : both;
    }

    /// <summary>The smallest range that has both.</summary>
    public VersionRange Hull(VersionRange other) =>
        IsEmpty ? other
        : other.IsEmpty ? this
        : new VersionRange(Math.Min(Min, other.Min), Math.Max(Max, other.Max));

    /// <summary>Reads "4-18", "12+", "3" or "none".</summary>
    public static bool TryParse(string text, out VersionRange range)
    {
        range = None;
        if (text == "none")
        {
            return true;
        }

        bool open = text.EndsWith("+", StringComparison.Ordinal);
        string[] ends = open ? [text.Substring(0, text.Length - 1)] : text.Split('-');
        if (ends.Length > 2 || !TryParseVersion(ends[0], out short min) || !TryParseVersion(ends[ends.Length - 1], out short max))
        {
            return false;
        }

        range = new VersionRange(min, open ? short.MaxValue : max);
        return !range.IsEmpty;
    }

    private static bool TryParseVersion(string text, out short version) =>
        short.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out version);
}
