namespace Millrace.Pipeline.Read;

/// <summary>How much one transaction of a lane takes, and how much may wait behind it: as much again.</summary>
/// <param name="MaxRecords">Most records.</param>
/// <param name="MaxBytes">Most bytes of keys and values, but for the record that goes over.</param>
internal sealed record LaneLimits(int MaxRecords, int MaxBytes)
{
    /// <summary>
    /// A transaction of 10,000 rows takes about 0.1 s: its fixed cost is spread thin. 5,000 were as fast at best and 20,000 a twentieth slower,
    /// as less of them stays in the processor's cache. The bytes allow 1,600 for each event at that count, and bound memory when events are large.
    /// </summary>
    public static LaneLimits Default { get; } = new(10_000, 16 * 1024 * 1024);
}
