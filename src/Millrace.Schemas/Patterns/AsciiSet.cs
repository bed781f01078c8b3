namespace Millrace.Schemas.Patterns;

/// <summary>A set of ASCII characters.</summary>
internal struct AsciiSet
{
    private ulong _low;
    private ulong _high;

    public void Add(char from, char to)
    {
        for (var c = from; c <= to; c++)
        {
            if (c < 64)
            {
                _low |= 1UL << c;
            }
            else
            {
                _high |= 1UL << (c - 64);
            }
        }
    }

    public void AddAll(in AsciiSet other)
    {
        _low |= other._low;
        _high |= other._high;
    }

    public readonly bool Has(byte c)
    {
        // Without a branch on which half it is in: between the digits and letters of an id that would be a coin toss for each character.
        var half = _low ^ ((_low ^ _high) & (0UL - (uint)(c >> 6 & 1)));
        return (half >> (c & 63) & 1) != 0 && c < 128;
    }

    public readonly bool Overlaps(in AsciiSet other) => ((_low & other._low) | (_high & other._high)) != 0;
}
