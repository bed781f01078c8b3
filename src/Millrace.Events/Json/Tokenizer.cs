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

        SkipWhitespace();
        if (_at == _utf8.Length)
        {
            _problem = JsonProblem.Empty;
            return;
        }

        if (ReadValues())
        {
            SkipWhitespace();
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

    /// <summary>The whole tree: a value, then whatever its container says comes next.</summary>
    private bool ReadValues()
    {
        var parent = -1;
        var depth = 0;
        while (true)
        {
            // A value starts here.
            SkipWhitespace();
            if (_at == _utf8.Length)
            {
                return Fail(JsonProblem.UnexpectedEnd);
            }

            if (_count == _tokens.Length && !Grow())
            {
                return false;
            }

            var first = _utf8[_at];
            if (first == '"')
            {
                if (!ReadString(TokenKind.String))
                {
                    return false;
                }
            }
            else if (first is (byte)'{' or (byte)'[')
            {
                var isObject = first == '{';
                if (++depth > _limits.MaxDepth)
                {
                    return Fail(JsonProblem.TooDeep);
                }

                _tokens[_count] = new Token { Kind = isObject ? TokenKind.Object : TokenKind.Array, Start = _at, Next = parent };
                parent = _count++;
                _at++;
                SkipWhitespace();
                if (_at < _utf8.Length && _utf8[_at] == (isObject ? '}' : ']'))
                {
                    // Falls through to the end of values, which closes it.
                }
                else if (isObject)
                {
                    _into.NameFilters[depth] = 0;
                    if (!ReadName(parent, depth))
                    {
                        return false;
                    }

                    continue;
                }
                else
                {
                    continue;
                }
            }
            else if (!ReadScalar(first))
            {
                return false;
            }

            // A value ended here, and perhaps containers with it.
            var closing = first is (byte)'{' or (byte)'[';
            while (true)
            {
                if (!closing)
                {
                    if (parent < 0)
                    {
                        return true;
                    }

                    SkipWhitespace();
                    if (_at == _utf8.Length)
                    {
                        return Fail(JsonProblem.UnexpectedEnd);
                    }

                    _tokens[parent].Count++;
                }

                var isObject = _tokens[parent].Kind == TokenKind.Object;
                var next = _utf8[_at];
                if (next == ',' && !closing)
                {
                    _at++;
                    if (isObject && !ReadName(parent, depth))
                    {
                        return false;
                    }

                    break;
                }

                if (next != (isObject ? '}' : ']'))
                {
                    return Fail(JsonProblem.Syntax);
                }

                if (isObject && _tokens[parent].Count > DuplicatesAtOnce)
                {
                    NoteDuplicates(parent);
                }

                _at++;
                depth--;
                ref var closed = ref _tokens[parent];
                parent = closed.Next;
                closed.Next = _count;
                closed.Length = _at - closed.Start;
                closing = false;
            }
        }
    }

    /// <summary>Between the values of most events there is none, so looking whether there is some is all that is done in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipWhitespace()
    {
        if ((uint)_at < (uint)_utf8.Length && _utf8[_at] <= ' ')
        {
            SkipRunOfWhitespace();
        }
    }

    private void SkipRunOfWhitespace()
    {
        var utf8 = _utf8;
        var at = _at;
        while ((uint)at < (uint)utf8.Length && utf8[at] <= ' ' && utf8[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        _at = at;
    }

    private bool Grow()
    {
        if (_count >= _limits.MaxTokens)
        {
            return Fail(JsonProblem.TooManyValues);
        }

        Array.Resize(ref _tokens, Math.Min(_tokens.Length * 2, _limits.MaxTokens));
        _into.Items = _tokens;
        return true;
    }

    private bool Fail(JsonProblem problem)
    {
        _problem = problem;
        return false;
    }
}
