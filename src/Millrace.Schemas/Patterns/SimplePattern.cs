using System.Diagnostics.CodeAnalysis;

namespace Millrace.Schemas.Patterns;

/// <summary>
/// A pattern that is a row of ASCII characters and classes, each with a count, such as <c>^ord_[0-9a-f]{8}$</c> or <c>^[A-Z]{3}$</c>: what most schemas
/// have. It is taken only when each part can be matched as long as it goes without ever having to give something back, so that one walk over the bytes decides.
/// </summary>
internal sealed class SimplePattern
{
    private readonly Part[] _parts;
    private readonly bool _toEnd;

    private SimplePattern(Part[] parts, bool toEnd)
    {
        _parts = parts;
        _toEnd = toEnd;
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out SimplePattern? pattern)
    {
        pattern = null;
        if (!text.StartsWith('^'))
        {
            return false;
        }

        var parts = new List<Part>();
        var toEnd = false;
        for (var at = 1; at < text.Length;)
        {
            if (text[at] == '$' && at == text.Length - 1)
            {
                toEnd = true;
                break;
            }

            if (!TryReadSet(text, ref at, out var set) || !TryReadCount(text, ref at, out var min, out var max))
            {
                return false;
            }

            // The part before could have taken what this one needs.
            for (var before = parts.Count - 1; before >= 0 && parts[before].Min != parts[before].Max; before--)
            {
                if (parts[before].Set.Overlaps(set))
                {
                    return false;
                }

                if (parts[before].Min > 0)
                {
                    break;
                }
            }

            parts.Add(new Part(set, min, max));
        }

        pattern = new SimplePattern([.. parts], toEnd);
        return true;
    }

    public bool IsMatch(ReadOnlySpan<byte> utf8)
    {
        var at = 0;
        foreach (ref readonly var part in _parts.AsSpan())
        {
            var end = (int)Math.Min(utf8.Length, (long)at + part.Max);
            var start = at;
            while (at < end && part.Set.Has(utf8[at]))
            {
                at++;
            }

            if (at - start < part.Min)
            {
                return false;
            }
        }

        return !_toEnd || at == utf8.Length;
    }

    private static bool TryReadSet(string text, ref int at, out AsciiSet set)
    {
        set = default;
        var c = text[at];
        if (c == '[')
        {
            return TryReadClass(text, ref at, out set);
        }

        if (c == '\\')
        {
            return TryReadEscape(text, ref at, out set);
        }

        if (!char.IsAscii(c) || "^$.*+?()[]{}|/".Contains(c))
        {
            return false;
        }

        set.Add(c, c);
        at++;
        return true;
    }

    private static bool TryReadEscape(string text, ref int at, out AsciiSet set)
    {
        set = default;
        if (at + 1 >= text.Length)
        {
            return false;
        }

        var c = text[at + 1];
        at += 2;
        if (c == 'd')
        {
            set.Add('0', '9');
        }
        else if (c == 'w')
        {
            set.Add('a', 'z');
            set.Add('A', 'Z');
            set.Add('0', '9');
            set.Add('_', '_');
        }
        else if (char.IsAscii(c) && !char.IsAsciiLetterOrDigit(c))
        {
            set.Add(c, c);
        }
        else
        {
            return false;
        }

        return true;
    }

    private static bool TryReadClass(string text, ref int at, out AsciiSet set)
    {
        set = default;
        at++;
        if (at < text.Length && text[at] == '^')
        {
            // What it has beyond ASCII would have to be told from the bytes of a character.
            return false;
        }

        while (at < text.Length && text[at] != ']')
        {
            if (text[at] == '\\')
            {
                if (!TryReadEscape(text, ref at, out var escaped) || (at < text.Length && text[at] == '-' && at + 1 < text.Length && text[at + 1] != ']'))
                {
                    return false;
                }

                set.AddAll(escaped);
                continue;
            }

            var from = text[at++];
            var to = from;
            if (at + 1 < text.Length && text[at] == '-' && text[at + 1] != ']')
            {
                to = text[at + 1];
                at += 2;
            }

            if (!char.IsAscii(to) || to == '\\' || to < from)
            {
                return false;
            }

            set.Add(from, to);
        }

        return at++ < text.Length;
    }

    private static bool TryReadCount(string text, ref int at, out int min, out int max)
    {
        (min, max) = (1, 1);
        if (at < text.Length)
        {
            switch (text[at])
            {
                case '*':
                    (min, max) = (0, int.MaxValue);
                    at++;
                    break;
                case '+':
                    max = int.MaxValue;
                    at++;
                    break;
                case '?':
                    min = 0;
                    at++;
                    break;
                case '{':
                    var close = text.IndexOf('}', at);
                    if (close < 0 || !TryReadBounds(text.AsSpan(at + 1, close - at - 1), out min, out max))
                    {
                        return false;
                    }

                    at = close + 1;
                    break;
            }
        }

        // Lazy or possessive, or something that is no pattern at all.
        return at >= text.Length || !"*+?{".Contains(text[at]);
    }

    private static bool TryReadBounds(ReadOnlySpan<char> text, out int min, out int max)
    {
        max = 0;
        var comma = text.IndexOf(',');
        var low = comma < 0 ? text : text[..comma];
        if (!int.TryParse(low, System.Globalization.NumberStyles.None, provider: null, out min))
        {
            return false;
        }

        max = comma < 0 ? min : int.MaxValue;
        return comma < 0 || comma == text.Length - 1
            || (int.TryParse(text[(comma + 1)..], System.Globalization.NumberStyles.None, provider: null, out max) && max >= min);
    }

    private readonly record struct Part(AsciiSet Set, int Min, int Max);
}
