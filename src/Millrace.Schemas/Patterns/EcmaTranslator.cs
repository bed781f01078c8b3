using System.Globalization;
using System.Text;

namespace Millrace.Schemas.Patterns;

/// <summary>
/// Rewrites a regular expression of ECMA-262 as one of .NET with the same meaning: \d and \w are ASCII, $ is the very end, a character outside the
/// basic plane is one character. What only other languages have, such as <c>(?i)</c> or <c>(?P&lt;name&gt;</c>, is refused.
/// </summary>
internal ref partial struct EcmaTranslator
{
    /// <summary>Groups within groups; .NET's own parser recurses over them.</summary>
    private const int MaxNesting = 100;

    private readonly ReadOnlySpan<char> _text;
    private readonly StringBuilder _into;
    private readonly List<string?> _groups;
    private readonly bool _hasBackReferences;
    private int _at;
    private int _closedGroups;

    private EcmaTranslator(string text)
    {
        _text = text;
        _into = new StringBuilder(text.Length + 16);
        _groups = FindGroups(text, out _hasBackReferences);
    }

    /// <exception cref="FormatException">It is not a regular expression.</exception>
    public static string Translate(string text)
    {
        var translator = new EcmaTranslator(text);
        translator.ReadAlternatives(nesting: 0);
        if (translator._at < text.Length)
        {
            throw new FormatException("a closing parenthesis has no opening one.");
        }

        return translator._into.ToString();
    }

    private void ReadAlternatives(int nesting)
    {
        while (_at < _text.Length && _text[_at] != ')')
        {
            if (_text[_at] == '|')
            {
                _into.Append('|');
                _at++;
            }
            else
            {
                ReadTerm(nesting);
            }
        }
    }

    private void ReadTerm(int nesting)
    {
        var c = _text[_at];
        switch (c)
        {
            case '^':
                _into.Append('^');
                _at++;
                return;
            case '$':
                _into.Append(@"\z");
                _at++;
                return;
            case '*' or '+' or '?':
                throw new FormatException($"there is nothing for \"{c}\" to repeat.");
            case '(':
                ReadGroup(nesting);
                break;
            case '[':
                _at++;
                _into.Append(ReadClass());
                break;
            case '.':
                _at++;
                _into.Append(LineEnds.ToRegex(negated: true));
                break;
            case '\\':
                if (ReadBoundary())
                {
                    return;
                }

                ReadEscapedAtom();
                break;
            default:
                AppendLiteral(ReadCodePoint());
                break;
        }

        ReadQuantifier();
    }

    private void ReadGroup(int nesting)
    {
        if (nesting >= MaxNesting)
        {
            throw new FormatException($"groups are nested more than {MaxNesting} deep.");
        }

        var rest = _text[_at..];
        var number = -1;
        foreach (var opening in new[] { "(?:", "(?=", "(?!", "(?<=", "(?<!" })
        {
            if (rest.StartsWith(opening))
            {
                _into.Append(opening);
                _at += opening.Length;
                ReadAlternatives(nesting + 1);
                Close(number);
                return;
            }
        }

        if (rest.StartsWith("(?<"))
        {
            _at += rest.IndexOf('>') + 1;
        }
        else if (rest.StartsWith("(?"))
        {
            throw new FormatException("\"(?\" must be followed by :, =, !, <=, <! or <name>.");
        }
        else
        {
            _at++;
        }

        // Names become numbers, since .NET numbers named groups after all others.
        number = _closedGroups++;
        _into.Append(_hasBackReferences ? "(" : "(?:");
        ReadAlternatives(nesting + 1);
        Close(number);
    }

    private void Close(int number)
    {
        if (_at == _text.Length)
        {
            throw new FormatException($"a group{(number < 0 ? "" : $" (number {number + 1})")} is not closed.");
        }

        _into.Append(')');
        _at++;
    }

    private void ReadQuantifier()
    {
        if (_at == _text.Length)
        {
            return;
        }

        var start = _at;
        switch (_text[_at])
        {
            case '*' or '+' or '?':
                _at++;
                break;
            case '{' when TryReadBounds():
                break;
            default:
                return;
        }

        if (_at < _text.Length && _text[_at] == '?')
        {
            _at++;
        }

        if (_at < _text.Length && _text[_at] is '*' or '+' or '?')
        {
            throw new FormatException($"there is nothing for \"{_text[_at]}\" to repeat.");
        }

        _into.Append(_text[start.._at]);
    }

    /// <summary>{n}, {n,} or {n,m}; any other brace is a character, as browsers have it.</summary>
    private bool TryReadBounds()
    {
        var close = _text[_at..].IndexOf('}');
        if (close < 0)
        {
            return false;
        }

        var inside = _text.Slice(_at + 1, close - 1);
        var comma = inside.IndexOf(',');
        var low = comma < 0 ? inside : inside[..comma];
        var high = comma < 0 || comma == inside.Length - 1 ? low : inside[(comma + 1)..];
        if (low.IsEmpty || low.ContainsAnyExceptInRange('0', '9') || high.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        if (!int.TryParse(low, NumberStyles.None, provider: null, out var min) || !int.TryParse(high, NumberStyles.None, provider: null, out var max))
        {
            throw new FormatException($"the repetition {{{inside}}} is too large.");
        }

        if (max < min)
        {
            throw new FormatException($"the repetition {{{inside}}} has its bounds in the wrong order.");
        }

        _at += close + 1;
        return true;
    }

    private int ReadCodePoint()
    {
        var c = _text[_at++];
        if (char.IsHighSurrogate(c) && _at < _text.Length && char.IsLowSurrogate(_text[_at]))
        {
            return char.ConvertToUtf32(c, _text[_at++]);
        }

        return c;
    }

    private readonly void AppendLiteral(int codePoint)
    {
        if (codePoint > 0xFFFF)
        {
            // Together, so that what follows repeats the character and not its second half.
            var pair = char.ConvertFromUtf32(codePoint);
            _into.Append($@"(?:\u{(int)pair[0]:X4}\u{(int)pair[1]:X4})");
        }
        else if (codePoint < 128 && char.IsAsciiLetterOrDigit((char)codePoint))
        {
            _into.Append((char)codePoint);
        }
        else
        {
            _into.Append($@"\u{codePoint:X4}");
        }
    }

    /// <summary>The names of the capturing groups, null for those without, in the order of their opening parentheses.</summary>
    private static List<string?> FindGroups(ReadOnlySpan<char> text, out bool hasBackReferences)
    {
        var groups = new List<string?>();
        hasBackReferences = false;
        var inClass = false;
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\\':
                    at++;
                    hasBackReferences |= !inClass && at < text.Length && text[at] is 'k' or (>= '1' and <= '9');
                    break;
                case '[':
                    inClass = true;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '(' when !inClass:
                    var rest = text[at..];
                    if (!rest.StartsWith("(?"))
                    {
                        groups.Add(null);
                    }
                    else if (rest.StartsWith("(?<") && rest.Length > 3 && rest[3] is not ('=' or '!'))
                    {
                        var close = rest.IndexOf('>');
                        var name = close < 0 ? "" : rest[3..close].ToString();
                        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || name.Any(c => !char.IsLetterOrDigit(c) && c is not ('_' or '$')) || groups.Contains(name))
                        {
                            throw new FormatException("the name of a group is malformed or stands twice.");
                        }

                        groups.Add(name);
                    }

                    break;
            }
        }

        return groups;
    }
}
