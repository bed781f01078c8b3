namespace Millrace.Commands.Generate;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood, 2014). The runtime's own generator may change its sequence between versions, and the same
/// seed must give the same events for ever.
/// </summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 to <paramref name="below"/> - 1. The bias of the multiplication is below 2^-32 for the sizes used here.</summary>
    public int Next(int below) => (int)(((NextBits() >> 32) * (ulong)below) >> 32);

    /// <summary>0 up to 1.</summary>
    public double NextShare() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    public T Pick<T>(T[] from) => from[Next(from.Length)];
}
