namespace Millrace.Operations.Proof;

/// <summary>What to verify.</summary>
public sealed record VerifyRequest
{
    /// <summary>Only flushes committed at or after this; null for all.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only flushes committed before this; null for all.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>
    /// Read the log itself, where ranges are wider than their records, and count: the only way to tell gaps of the log (control records,
    /// compaction) from a lost record. Default false: such ranges are then reported as not checked.
    /// </summary>
    public bool Deep { get; init; }
}
