using System.Text;

namespace Millrace.Events.Json;

/// <summary>A fixed set of texts that a UTF-8 text is found in without becoming a string.</summary>
internal sealed class NameTable
{
    private readonly byte[][] _names;
    private readonly int[] _hashes;

    /// <summary>Index and one of a name, by hash, at most half full; zero where there is none.</summary>
    private readonly int[] _slots;

    public NameTable(IReadOnlyList<string> names)
    {
        _names = [.. names.Select(Encoding.UTF8.GetBytes)];
        _hashes = [.. _names.Select(name => NameHash.Of(name))];
        _slots = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, names.Count * 2))];
        for (var i = 0; i < _names.Length; i++)
        {
            var slot = _hashes[i] & (_slots.Length - 1);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = i + 1;
        }
    }

    public static NameTable Empty { get; } = new([]);

    public int Find(ReadOnlySpan<byte> name) => Find(name, NameHash.Of(name));

    /// <summary>The index of a name; -1 when it is not there.</summary>
    public int Find(ReadOnlySpan<byte> name, int hash)
    {
        var slots = _slots;
        for (var slot = hash & (slots.Length - 1); (uint)slot < (uint)slots.Length; slot = (slot + 1) & (slots.Length - 1))
        {
            var index = slots[slot] - 1;
            if (index < 0)
            {
                return -1;
            }

            if (_hashes[index] == hash && name.SequenceEqual(_names[index]))
            {
                return index;
            }
        }

        return -1;
    }
}
