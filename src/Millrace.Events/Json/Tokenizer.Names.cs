namespace Millrace.Events.Json;

internal ref partial struct Tokenizer
{
    /// <summary>Looks whether a name stands before in its object, when the filter says that it may.</summary>
    private readonly void NoteDuplicate(int parent, int members, int index)
    {
        if (_into.DuplicateNameAt >= 0 || members > DuplicatesAtOnce)
        {
            return;
        }

        for (var other = parent + 1; other < index; other = _tokens[other + 1].Next)
        {
            if (AreSame(other, index))
            {
                _into.DuplicateNameAt = _tokens[index].Start - 1;
                return;
            }
        }
    }

    /// <summary>For objects with many members: by the order of the hashes, since comparing each with each would take the square of them.</summary>
    private readonly void NoteDuplicates(int parent)
    {
        if (_into.DuplicateNameAt >= 0)
        {
            return;
        }

        var count = _tokens[parent].Count;
        var keys = _into.SortKeysOf(count).AsSpan(0, count);
        for (int name = parent + 1, i = 0; i < count; name = _tokens[name + 1].Next, i++)
        {
            keys[i] = (ulong)(uint)_tokens[name].Count << 32 | (uint)name;
        }

        keys.Sort();
        for (var i = 1; i < count; i++)
        {
            for (var j = i - 1; j >= 0 && keys[j] >> 32 == keys[i] >> 32; j--)
            {
                if (AreSame((int)keys[j], (int)keys[i]))
                {
                    _into.DuplicateNameAt = _tokens[(int)keys[i]].Start - 1;
                    return;
                }
            }
        }
    }

    private readonly bool AreSame(int one, int other) =>
        _tokens[one].Count == _tokens[other].Count && Text(_tokens[one]).SequenceEqual(Text(_tokens[other]));

    private readonly ReadOnlySpan<byte> Text(in Token token) =>
        token.Unescaped ? _into.Unescaped.AsSpan(token.Start, token.Length) : _utf8.Slice(token.Start, token.Length);
}
