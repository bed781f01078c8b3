using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Millrace.Events.Json;

internal ref partial struct Tokenizer
{
    /// <summary>Far beyond what a double or a decimal holds.</summary>
    private const int UsualNumberLength = 64;

    private bool ReadScalar(byte first) => first switch
    {
        (byte)'t' => ReadLiteral("true"u8, TokenKind.True),
        (byte)'f' => ReadLiteral("false"u8, TokenKind.False),
        (byte)'n' => ReadLiteral("null"u8, TokenKind.Null),
        (byte)'-' or (>= (byte)'0' and <= (byte)'9') => ReadNumber(),
        _ => Fail(JsonProblem.Syntax),
    };

    private bool ReadLiteral(ReadOnlySpan<byte> text, TokenKind kind)
    {
        if (!_utf8[_at..].StartsWith(text))
        {
            return Fail(JsonProblem.Syntax);
        }

        Set(ref _tokens[_count], kind, _at, text.Length, _count + 1);
        _at += text.Length;
        return true;
    }

    private bool ReadNumber()
    {
        var utf8 = _utf8;
        var start = _at;
        var at = start;
        if (utf8[at] == '-')
        {
            at++;
        }

        var digits = at;
        at = SkipDigits(utf8, at);
        var isInteger = true;
        if (at == digits || (at - digits > 1 && utf8[digits] == '0'))
        {
            return Fail(JsonProblem.BadNumber);
        }

        if ((uint)at < (uint)utf8.Length && utf8[at] == '.')
        {
            isInteger = false;
            var fraction = at + 1;
            at = SkipDigits(utf8, fraction);
            if (at == fraction)
            {
                return Fail(JsonProblem.BadNumber);
            }
        }

        if ((uint)at < (uint)utf8.Length && utf8[at] is (byte)'e' or (byte)'E')
        {
            isInteger = false;
            at++;
            if (at < utf8.Length && utf8[at] is (byte)'+' or (byte)'-')
            {
                at++;
            }

            var exponent = at;
            at = SkipDigits(utf8, exponent);
            if (at == exponent)
            {
                return Fail(JsonProblem.BadNumber);
            }

            if (utf8[exponent..at].TrimStart((byte)'0').Length > JsonLimits.MaxExponentDigits)
            {
                return Fail(JsonProblem.ExponentTooLarge);
            }

            _into.HasUnusualNumbers = true;
        }

        if (at - start > UsualNumberLength)
        {
            _into.HasUnusualNumbers = true;
        }

        ref var token = ref _tokens[_count];
        Set(ref token, TokenKind.Number, start, at - start, _count + 1);
        token.PlainInteger = isInteger;
        _at = at;
        return true;
    }

    private static int SkipDigits(ReadOnlySpan<byte> utf8, int at)
    {
        while ((uint)at < (uint)utf8.Length && (uint)(utf8[at] - '0') <= 9)
        {
            at++;
        }

        return at;
    }

    /// <summary>
    /// Where a run of plain text ends. Most names and texts end within 16 bytes: one comparison of all of these finds the end without a branch for each, whose
    /// number nothing can predict.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int EndOfRun(ReadOnlySpan<byte> utf8, int at)
    {
        for (; at <= utf8.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            var ends = EndsIn(Vector128.Create(utf8.Slice(at, Vector128<byte>.Count)));
            if (ends != 0)
            {
                return at + BitOperations.TrailingZeroCount(ends);
            }
        }

        while (at < utf8.Length && utf8[at] is not ((byte)'"' or (byte)'\\' or < 0x20))
        {
            at++;
        }

        return at;
    }

    /// <summary>One bit for each byte that plain text does not have.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint EndsIn(Vector128<byte> bytes) =>
        Vector128.Equals(bytes, Vector128.Create((byte)'"')).ExtractMostSignificantBits()
        | Vector128.Equals(bytes, Vector128.Create((byte)'\\')).ExtractMostSignificantBits()
        | Vector128.LessThan(bytes, Vector128.Create((byte)0x20)).ExtractMostSignificantBits();

    /// <summary>As <see cref="ReadString"/>, with the hash: most names have less than 16 bytes, which are hashed where their end is looked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ReadName(ReadOnlySpan<byte> utf8, ref Token token, int start, int count, out int hash)
    {
        if (start <= utf8.Length - Vector128<byte>.Count)
        {
            var bytes = Vector128.Create(utf8.Slice(start, Vector128<byte>.Count));
            var length = BitOperations.TrailingZeroCount(EndsIn(bytes));
            if (length < Vector128<byte>.Count && utf8[start + length] == '"')
            {
                Set(ref token, TokenKind.Name, start, length, count + 1);
                hash = NameHash.OfShort(bytes & Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)length)), length);
                return start + length + 1;
            }
        }

        return ReadOtherName(utf8, ref token, start, count, out hash);
    }

    /// <summary>A name that is long, has escapes or stands at the end of the document.</summary>
    private int ReadOtherName(ReadOnlySpan<byte> utf8, ref Token token, int start, int count, out int hash)
    {
        var at = ReadString(utf8, ref token, TokenKind.Name, start, count);
        hash = at < 0 ? 0 : NameHash.Of(Text(token));
        return at;
    }

    /// <summary>A string or a name.</summary>
    /// <param name="start">Behind its quotation mark.</param>
    /// <returns>Where it goes on behind it; -1 when it failed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ReadString(ReadOnlySpan<byte> utf8, ref Token token, TokenKind kind, int start, int count)
    {
        var end = EndOfRun(utf8, start);
        if ((uint)end < (uint)utf8.Length && utf8[end] == '"')
        {
            Set(ref token, kind, start, end - start, count + 1);
            return end + 1;
        }

        (_at, _count) = (end, count);
        return ReadSpecialString(kind, start) ? _at : -1;
    }

    /// <summary>A text that does not end where its first run of plain text does.</summary>
    private bool ReadSpecialString(TokenKind kind, int start)
    {
        var at = _at;
        if (at == _utf8.Length)
        {
            return Fail(JsonProblem.UnexpectedEnd);
        }

        // Unescaped text is never longer than what it was written as: it has room where it stands, and the document bounds it.
        if (_into.Unescaped.Length < _utf8.Length)
        {
            Array.Resize(ref _into.Unescaped, _utf8.Length);
        }

        var unescaped = _into.Unescaped;
        var end = start;
        var runStart = start;
        while (true)
        {
            _utf8[runStart..at].CopyTo(unescaped.AsSpan(end));
            end += at - runStart;
            if (at == _utf8.Length)
            {
                _at = at;
                return Fail(JsonProblem.UnexpectedEnd);
            }

            _at = at;
            if (_utf8[at] == '"')
            {
                ref var token = ref _tokens[_count];
                Set(ref token, kind, start, end - start, _count + 1);
                token.Unescaped = true;
                _at = at + 1;
                return true;
            }

            if (_utf8[at] < 0x20)
            {
                return Fail(JsonProblem.ControlCharacter);
            }

            if (!ReadEscape(ref at, unescaped, ref end))
            {
                return false;
            }

            runStart = at;
            at = EndOfRun(_utf8, at);
        }
    }

    private bool ReadEscape(ref int at, byte[] unescaped, ref int end)
    {
        if (at + 1 == _utf8.Length)
        {
            return Fail(JsonProblem.UnexpectedEnd);
        }

        var simple = _utf8[at + 1] switch
        {
            (byte)'"' => '"',
            (byte)'\\' => '\\',
            (byte)'/' => '/',
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            _ => '\0',
        };
        if (simple != 0)
        {
            unescaped[end++] = (byte)simple;
            at += 2;
            return true;
        }

        if (_utf8[at + 1] != 'u' || !TryReadHex(at + 2, out var unit))
        {
            return Fail(JsonProblem.BadEscape);
        }

        if (unit == 0 && _into.NulAt < 0)
        {
            _into.NulAt = at;
        }

        at += 6;
        var rune = unit;
        if (char.IsSurrogate((char)unit))
        {
            if (!char.IsHighSurrogate((char)unit) || !_utf8[at..].StartsWith("\\u"u8) || !TryReadHex(at + 2, out var low) || !char.IsLowSurrogate((char)low))
            {
                return Fail(JsonProblem.LoneSurrogate);
            }

            rune = char.ConvertToUtf32((char)unit, (char)low);
            at += 6;
        }

        end += new Rune(rune).EncodeToUtf8(unescaped.AsSpan(end));
        return true;
    }

    private readonly bool TryReadHex(int at, out int value)
    {
        value = 0;
        if (at + 4 > _utf8.Length)
        {
            return false;
        }

        foreach (var digit in _utf8.Slice(at, 4))
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }

            value = value << 4 | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return true;
    }
}
