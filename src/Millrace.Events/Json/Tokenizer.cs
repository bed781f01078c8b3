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
        if (!Utf8.IsValid(_utf8))
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
    /// The whole tree: a value, then whatever its container says comes next. Where it is and how many tokens there are stand in local variables, since a field is
    /// written and read again at each step; for what is rare they are given to the fields and taken from there.
    /// </summary>
    private bool ReadValues()
    {
        var utf8 = _utf8;
        var tokens = _tokens;
        var at = _at;
        var count = 0;
        var parent = -1;
        var inObject = false;
        var depth = 0;
        while (true)
        {
            if (inObject)
            {
                at = SkipWhitespace(utf8, at);
                if ((uint)at >= (uint)utf8.Length || utf8[at] != '"')
                {
                    return Fail(at < utf8.Length ? JsonProblem.Syntax : JsonProblem.UnexpectedEnd, at);
                }

                if (count == tokens.Length && !TryGrow(ref tokens))
                {
                    return Fail(JsonProblem.TooManyValues, at);
                }

                at = ReadString(TokenKind.Name, at + 1, count);
                if (at < 0)
                {
                    return false;
                }

                tokens[count].Count = NameHash.Of(Text(tokens[count]));
                ref var filter = ref _into.NameFilters[depth];
                var bit = 1UL << (tokens[count].Count >>> 26);
                if ((filter & bit) != 0)
                {
                    NoteDuplicate(parent, count);
                }

                filter |= bit;
                count++;
                at = SkipWhitespace(utf8, at);
                if ((uint)at >= (uint)utf8.Length || utf8[at] != ':')
                {
                    return Fail(at < utf8.Length ? JsonProblem.Syntax : JsonProblem.UnexpectedEnd, at);
                }

                at++;
            }

            // A value starts here.
            at = SkipWhitespace(utf8, at);
            if ((uint)at >= (uint)utf8.Length)
            {
                return Fail(JsonProblem.UnexpectedEnd, at);
            }

            if (count == tokens.Length && !TryGrow(ref tokens))
            {
                return Fail(JsonProblem.TooManyValues, at);
            }

            var first = utf8[at];
            var closing = false;
            if (first == '"')
            {
                at = ReadString(TokenKind.String, at + 1, count);
                if (at < 0)
                {
                    return false;
                }

                count++;
            }
            else if (first is (byte)'{' or (byte)'[')
            {
                if (++depth > _limits.MaxDepth)
                {
                    return Fail(JsonProblem.TooDeep, at);
                }

                inObject = first == '{';
                Set(ref tokens[count], inObject ? TokenKind.Object : TokenKind.Array, at, 0, parent);
                parent = count++;
                _into.NameFilters[depth] = 0;
                at = SkipWhitespace(utf8, at + 1);
                closing = (uint)at < (uint)utf8.Length && utf8[at] == (inObject ? '}' : ']');
                if (!closing)
                {
                    continue;
                }
            }
            else
            {
                (_at, _count) = (at, count);
                if (!ReadScalar(first))
                {
                    return false;
                }

                at = _at;
                count++;
            }

            // A value ended here, and perhaps containers with it.
            while (true)
            {
                if (!closing)
                {
                    if (parent < 0)
                    {
                        (_at, _count) = (at, count);
                        return true;
                    }

                    tokens[parent].Count++;
                    at = SkipWhitespace(utf8, at);
                    if ((uint)at >= (uint)utf8.Length)
                    {
                        return Fail(JsonProblem.UnexpectedEnd, at);
                    }

                    if (utf8[at] == ',')
                    {
                        at++;
                        break;
                    }
                }

                if (utf8[at] != (inObject ? '}' : ']'))
                {
                    return Fail(JsonProblem.Syntax, at);
                }

                if (inObject && tokens[parent].Count > DuplicatesAtOnce)
                {
                    NoteDuplicates(parent);
                }

                at++;
                depth--;
                ref var closed = ref tokens[parent];
                parent = closed.Next;
                closed.Next = count;
                closed.Length = at - closed.Start;
                inObject = parent >= 0 && tokens[parent].Kind == TokenKind.Object;
                closing = false;
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

    private static int SkipRunOfWhitespace(ReadOnlySpan<byte> utf8, int at)
    {
        while ((uint)at < (uint)utf8.Length && utf8[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    private bool TryGrow(ref Token[] tokens)
    {
        if (tokens.Length >= _limits.MaxTokens)
        {
            return false;
        }

        Array.Resize(ref _tokens, Math.Min(tokens.Length * 2, _limits.MaxTokens));
        tokens = _into.Items = _tokens;
        return true;
    }

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
