using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Millrace.Events.Json;

/// <summary>
/// Reads a document into a flat list of tokens, once and without recursion. Keywords such as <c>$ref</c>, <c>oneOf</c> or <c>uniqueItems</c> look at the
/// same value several times; over tokens they can, at the cost of an index.
/// </summary>
internal ref partial struct Tokenizer
{
    /// <summary>Up to here a name is compared with the others as it comes; an object with more members is looked through when it ends.</summary>
    private const int DuplicatesAtOnce = 64;

    private readonly ReadOnlySpan<byte> _utf8;
    private readonly JsonTokens _into;
    private readonly JsonLimits _limits;
    private Token[] _tokens;
    private int _at;
    private int _count;
    private JsonProblem _problem;

    private Tokenizer(ReadOnlySpan<byte> utf8, JsonTokens into, JsonLimits limits)
    {
        _utf8 = utf8;
        _into = into;
        _limits = limits;
        _tokens = into.Items;
    }

    /// <summary>Fills what was emptied for it.</summary>
    /// <param name="position">The byte at which the problem was found.</param>
    public static JsonProblem Read(ReadOnlySpan<byte> utf8, JsonTokens into, JsonLimits limits, out int position)
    {
        var tokenizer = new Tokenizer(utf8, into, limits);
        tokenizer.ReadDocument();
        into.Count = tokenizer._count;
        position = tokenizer._at;
        return tokenizer._problem;
    }

    private void ReadDocument()
    {
        if (_utf8.Length > _limits.MaxBytes)
        {
            _problem = JsonProblem.TooLarge;
            return;
        }

        if (_utf8.StartsWith("\uFEFF"u8))
        {
            _problem = JsonProblem.ByteOrderMark;
            return;
        }

        // Checked once for the whole: every string below is then a slice that needs no second look.
        _into.IsAscii = Ascii.IsValid(_utf8);
        if (!_into.IsAscii && !Utf8.IsValid(_utf8))
        {
            _problem = JsonProblem.NotUtf8;
            _at = FirstBadByte();
            return;
        }

        _at = SkipWhitespace(_utf8, 0);
        if (_at == _utf8.Length)
        {
            _problem = JsonProblem.Empty;
            return;
        }

        if (ReadValues())
        {
            _at = SkipWhitespace(_utf8, _at);
            if (_at < _utf8.Length)
            {
                _problem = JsonProblem.MoreThanOneValue;
            }
        }
    }

    private readonly int FirstBadByte()
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(_utf8[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    /// <summary>
    /// The whole tree: a value, then whatever its container says comes next. Where it is, how many tokens there are and what belongs to the innermost container stand
    /// in local variables, since a field is written and read again at each step; for what is rare they are given to the fields and taken from there.
    /// </summary>
    private bool ReadValues()
    {
        var utf8 = _utf8;
        var tokens = _tokens;
        var at = _at;
        var count = 0;
        var depth = 0;

        // Of the innermost container that is open: its token, what closes it, its members or items so far and a filter of the hashes of its names.
        var parent = -1;
        byte close = 0;
        var members = 0;
        ulong names = 0;
        while (true)
        {
            if (close == '}')
            {
                at = Expect(utf8, at, (byte)'"');
                if (at < 0)
                {
                    return FailExpected(~at);
                }

                if ((uint)count >= (uint)tokens.Length)
                {
                    if (!TryGrow())
                    {
                        return Fail(JsonProblem.TooManyValues, at);
                    }

                    tokens = _tokens;
                }

                ref var name = ref tokens[count];
                at = ReadName(utf8, ref name, at + 1, count, out var hash);
                if (at < 0)
                {
                    return false;
                }

                name.Count = hash;
                var bit = 1UL << (hash >>> 26);
                if ((names & bit) != 0)
                {
                    NoteDuplicate(parent, members, count);
                }

                names |= bit;
                count++;
                at = Expect(utf8, at, (byte)':');
                if (at < 0)
                {
                    return FailExpected(~at);
                }

                at++;
            }

            // A value starts here.
            at = SkipWhitespace(utf8, at);
            if ((uint)at >= (uint)utf8.Length)
            {
                return Fail(JsonProblem.UnexpectedEnd, at);
            }

            if ((uint)count >= (uint)tokens.Length)
            {
                if (!TryGrow())
                {
                    return Fail(JsonProblem.TooManyValues, at);
                }

                tokens = _tokens;
            }

            var first = utf8[at];
            if (first == '"')
            {
                at = ReadString(utf8, ref tokens[count], TokenKind.String, at + 1, count);
                if (at < 0)
                {
                    return false;
                }
            }
            else if (first is (byte)'{' or (byte)'[')
            {
                if (depth == _limits.MaxDepth)
                {
                    return Fail(JsonProblem.TooDeep, at);
                }

                // In ASCII what closes a container is two behind what opens it.
                var inside = SkipWhitespace(utf8, at + 1);
                var isEmpty = (uint)inside < (uint)utf8.Length && utf8[inside] == first + 2;
                Set(ref tokens[count], first == '{' ? TokenKind.Object : TokenKind.Array, at, inside + 1 - at, isEmpty ? count + 1 : parent);
                if (!isEmpty)
                {
                    if (parent >= 0)
                    {
                        tokens[parent].Count = members;
                        _into.NameFilters[depth] = names;
                    }

                    depth++;
                    parent = count++;
                    close = (byte)(first + 2);
                    members = 0;
                    names = 0;
                    at = inside;
                    continue;
                }

                at = inside + 1;
            }
            else
            {
                (_at, _count) = (at, count);
                if (!ReadScalar(first))
                {
                    return false;
                }

                at = _at;
            }

            count++;

            // A value ended here, and perhaps containers with it.
            while (true)
            {
                if (parent < 0)
                {
                    (_at, _count) = (at, count);
                    return true;
                }

                members++;
                at = SkipWhitespace(utf8, at);
                if ((uint)at >= (uint)utf8.Length)
                {
                    return Fail(JsonProblem.UnexpectedEnd, at);
                }

                var next = utf8[at];
                if (next == ',')
                {
                    at++;
                    break;
                }

                if (next != close)
                {
                    return Fail(JsonProblem.Syntax, at);
                }

                at++;
                depth--;
                ref var closed = ref tokens[parent];
                closed.Count = members;
                if (close == '}' && members > DuplicatesAtOnce)
                {
                    NoteDuplicates(parent);
                }

                var outer = closed.Next;
                closed.Next = count;
                closed.Length = at - closed.Start;
                parent = outer;
                if (outer >= 0)
                {
                    close = tokens[outer].Kind == TokenKind.Object ? (byte)'}' : (byte)']';
                    members = tokens[outer].Count;
                    names = _into.NameFilters[depth];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Set(ref Token token, TokenKind kind, int start, int length, int next)
    {
        token.Start = start;
        token.Length = length;
        token.Next = next;
        token.Count = 0;
        token.Kind = kind;
        token.Unescaped = false;
        token.PlainInteger = false;
    }

    /// <summary>Between the values of most events there is none, so looking whether there is some is all that is done in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SkipWhitespace(ReadOnlySpan<byte> utf8, int at) =>
        (uint)at < (uint)utf8.Length && utf8[at] <= ' ' ? SkipRunOfWhitespace(utf8, at) : at;

    /// <summary>Where a character stands, perhaps behind whitespace; the complement of where another one does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Expect(ReadOnlySpan<byte> utf8, int at, byte expected) =>
        (uint)at < (uint)utf8.Length && utf8[at] == expected ? at : ExpectBehindWhitespace(utf8, at, expected);

    private static int ExpectBehindWhitespace(ReadOnlySpan<byte> utf8, int at, byte expected)
    {
        at = SkipRunOfWhitespace(utf8, at);
        return (uint)at < (uint)utf8.Length && utf8[at] == expected ? at : ~at;
    }

    private static int SkipRunOfWhitespace(ReadOnlySpan<byte> utf8, int at)
    {
        while ((uint)at < (uint)utf8.Length && utf8[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    private bool TryGrow()
    {
        if (_tokens.Length >= _limits.MaxTokens)
        {
            return false;
        }

        Array.Resize(ref _tokens, Math.Min(_tokens.Length * 2, _limits.MaxTokens));
        _into.Items = _tokens;
        return true;
    }

    private bool FailExpected(int at) => Fail(at < _utf8.Length ? JsonProblem.Syntax : JsonProblem.UnexpectedEnd, at);

    private bool Fail(JsonProblem problem, int at)
    {
        _at = at;
        return Fail(problem);
    }

    private bool Fail(JsonProblem problem)
    {
        _problem = problem;
        return false;
    }
}
