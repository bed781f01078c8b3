namespace Millrace.Pipeline.Read;

/// <summary>How much one partition may hold in memory, and how much of it goes into one transaction.</summary>
/// <param name="MaxBatchRecords">Most records of a transaction.</param>
/// <param name="MaxBatchBytes">A transaction takes no further record once its keys and values have this many bytes.</param>
/// <param name="MaxWaitingRecords">Most records that wait behind the transaction under way.</param>
/// <param name="MaxWaitingBytes">No further record is taken from Kafka while those that wait have this many bytes.</param>
internal sealed record LaneLimits(int MaxBatchRecords, int MaxBatchBytes, int MaxWaitingRecords, int MaxWaitingBytes)
{
    /// <summary>
    /// A transaction of 20,000 rows takes 0.1 to 0.2 s: its fixed cost is spread thin, and a larger one is not faster but has more to do
    /// again after an outage. Twice that may wait, so that the next transaction is full when the one under way ends. The bytes allow events
    /// of 800 bytes on average at that count, and bound memory when events are large.
    /// </summary>
    public static LaneLimits Default { get; } = new(20_000, 16 * 1024 * 1024, 40_000, 32 * 1024 * 1024);
}
