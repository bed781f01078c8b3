using System.Globalization;

namespace Millrace.Schemas.Patterns;

internal ref partial struct EcmaTranslator
{
    private static readonly CodePointSet LineEnds = SetOf("\n\r\u2028\u2029");
    private static readonly CodePointSet Digits = SetOf("", ('0', '9'));
    private static readonly CodePointSet WordCharacters = SetOf("_", ('a', 'z'), ('A', 'Z'), ('0', '9'));
    private static readonly CodePointSet Spaces = SetOf("\t\n\v\f\r \u00A0\u1680\u2028\u2029\u202F\u205F\u3000\uFEFF", ('\u2000', '\u200A'));

    private static CodePointSet SetOf(string characters, params (int From, int To)[] ranges)
    {
        var set = new CodePointSet();
        foreach (var c in characters)
        {
            set.Add(c, c);
        }

        foreach (var (from, to) in ranges)
        {
            set.Add(from, to);
        }

        return set;
    }

    /// <summary>\b and \B, over ASCII words; .NET's own know all letters.</summary>
    private bool ReadBoundary()
    {
        if (_at + 1 >= _text.Length || _text[_at + 1] is not ('b' or 'B'))
        {
            return false;
        }

        const string Word = "[a-zA-Z0-9_]";
        _into.Append(_text[_at + 1] == 'b'
            ? $"(?:(?<={Word})(?!{Word})|(?<!{Word})(?={Word}))"
            : $"(?:(?<={Word})(?={Word})|(?<!{Word})(?!{Word}))");
        _at += 2;
        return true;
    }

    private void ReadEscapedAtom()
    {
        _at++;
        if (_at == _text.Length)
        {
            throw new FormatException("it ends with a backslash.");
        }

        var c = _text[_at];
        if (c == 'k' || c is >= '1' and <= '9')
        {
            ReadBackReference();
        }
        else if (TryReadClassEscape(out var set, out var negated))
        {
            _into.Append(set.ToRegex(negated));
        }
        else
        {
            AppendLiteral(ReadCharacterEscape());
        }
    }

    private void ReadBackReference()
    {
        int number;
        if (_text[_at] == 'k')
        {
            var rest = _text[(_at + 1)..];
            var close = rest.IndexOf('>');
            number = rest is ['<', ..] && close > 0 ? _groups.IndexOf(rest[1..close].ToString()) + 1 : 0;
            _at += close + 2;
        }
        else
        {
            var start = _at;
            while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
            {
                _at++;
            }

            _ = int.TryParse(_text[start.._at], NumberStyles.None, provider: null, out number);
        }

        if (number < 1 || number > _groups.Count)
        {
            throw new FormatException("it refers back to a group that is not there.");
        }

        // A group that has not matched stands for nothing, and then matches.
        _into.Append(number <= _closedGroups ? $"(?({number})\\{number}|)" : "(?:)");
    }

    /// <summary>\d, \w, \s, \p{…} and their opposites.</summary>
    private bool TryReadClassEscape(out CodePointSet set, out bool negated)
    {
        var c = _text[_at];
        negated = char.IsAsciiLetterUpper(c);
        set = char.ToLowerInvariant(c) switch
        {
            'd' => Digits,
            'w' => WordCharacters,
            's' => Spaces,
            'p' => new CodePointSet(),
            _ => null!,
        };
        if (set is null)
        {
            return false;
        }

        _at++;
        if (c is 'p' or 'P')
        {
            set = ReadProperty();
        }

        return true;
    }

    private CodePointSet ReadProperty()
    {
        var rest = _text[_at..];
        var close = rest.IndexOf('}');
        if (rest is not ['{', ..] || close < 0)
        {
            throw new FormatException("\\p must be followed by a property in braces.");
        }

        var name = rest[1..close].ToString();
        _at += close + 1;
        return UnicodeProperties.Find(name) ?? throw new FormatException($"the Unicode property \"{name}\" is unknown here: general categories, Any and ASCII are known.");
    }

    /// <summary>An escape that stands for one character, the backslash already read.</summary>
    private int ReadCharacterEscape()
    {
        var c = _text[_at++];
        switch (c)
        {
            case 't':
                return '\t';
            case 'n':
                return '\n';
            case 'v':
                return '\v';
            case 'f':
                return '\f';
            case 'r':
                return '\r';
            case '0' when _at == _text.Length || !char.IsAsciiDigit(_text[_at]):
                return 0;
            case 'c' when _at < _text.Length && char.IsAsciiLetter(_text[_at]):
                return _text[_at++] & 31;
            case 'x' when TryReadHex(2, out var value):
                return value;
            case 'u' when _at < _text.Length && _text[_at] == '{':
                return ReadBracedCodePoint();
            case 'u' when TryReadHex(4, out var unit):
                return JoinSurrogates(unit);
            default:
                // Punctuation may always be escaped, as people do; letters and digits mean something or are wrong.
                return char.IsLetterOrDigit(c) ? throw new FormatException($"the escape \"\\{c}\" is unknown.") : char.IsSurrogate(c) ? throw new FormatException("a surrogate is escaped.") : c;
        }
    }

    private int ReadBracedCodePoint()
    {
        var close = _text[_at..].IndexOf('}');
        if (close < 2 || !int.TryParse(_text.Slice(_at + 1, close - 1), NumberStyles.AllowHexSpecifier, provider: null, out var value) || value is < 0 or > 0x10FFFF)
        {
            throw new FormatException("\\u{…} must hold a code point.");
        }

        _at += close + 1;
        return value;
    }

    private int JoinSurrogates(int unit)
    {
        var before = _at;
        if (char.IsHighSurrogate((char)unit) && _text[_at..].StartsWith("\\u"))
        {
            _at += 2;
            if (TryReadHex(4, out var low) && char.IsLowSurrogate((char)low))
            {
                return char.ConvertToUtf32((char)unit, (char)low);
            }

            _at = before;
        }

        return unit;
    }

    private bool TryReadHex(int digits, out int value)
    {
        value = 0;
        if (_at + digits > _text.Length)
        {
            return false;
        }

        foreach (var digit in _text.Slice(_at, digits))
        {
            if (!char.IsAsciiHexDigit(digit))
            {
                return false;
            }
        }

        value = int.Parse(_text.Slice(_at, digits), NumberStyles.AllowHexSpecifier);
        _at += digits;
        return true;
    }

    /// <summary>A class, its opening bracket already read.</summary>
    private string ReadClass()
    {
        var negated = _at < _text.Length && _text[_at] == '^';
        _at += negated ? 1 : 0;
        var set = new CodePointSet();
        while (true)
        {
            if (_at >= _text.Length)
            {
                throw new FormatException("a class is not closed.");
            }

            if (_text[_at] == ']')
            {
                _at++;
                return set.ToRegex(negated);
            }

            if (!TryReadClassCharacter(set, out var from))
            {
                continue;
            }

            var to = from;
            if (_at + 1 < _text.Length && _text[_at] == '-' && _text[_at + 1] != ']')
            {
                _at++;
                if (!TryReadClassCharacter(set, out to))
                {
                    // [a-\d]: the dash is a character then.
                    set.Add('-', '-');
                    to = from;
                }
            }

            if (to < from)
            {
                throw new FormatException("the ends of a range are in the wrong order.");
            }

            set.Add(from, to);
        }
    }

    /// <summary>False when it was an escape for several characters, which are added.</summary>
    private bool TryReadClassCharacter(CodePointSet set, out int codePoint)
    {
        if (_text[_at] != '\\')
        {
            codePoint = ReadCodePoint();
            return true;
        }

        _at++;
        if (_at == _text.Length)
        {
            throw new FormatException("it ends with a backslash.");
        }

        if (TryReadClassEscape(out var several, out var negated))
        {
            set.AddAll(negated ? several.Outside() : several);
            codePoint = 0;
            return false;
        }

        if (_text[_at] == 'b')
        {
            _at++;
            codePoint = '\b';
            return true;
        }

        codePoint = ReadCharacterEscape();
        return true;
    }
}
