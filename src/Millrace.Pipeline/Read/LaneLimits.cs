namespace Millrace.Pipeline.Read;

/// <summary>How much one transaction of a lane takes, and how much may wait behind it: as much again.</summary>
/// <param name="MaxRecords">Most records.</param>
/// <param name="MaxBytes">Most bytes of keys and values, but for the record that goes over.</param>
internal sealed record LaneLimits(int MaxRecords, int MaxBytes)
{
    /// <summary>
    /// A transaction of 20,000 rows takes 0.1 to 0.2 s: its fixed cost is spread thin, and a larger one is not faster but has more to do
    /// again after an outage. The bytes allow 800 for each event at that count, and bound memory when events are large.
    /// </summary>
    public static LaneLimits Default { get; } = new(20_000, 16 * 1024 * 1024);
}
