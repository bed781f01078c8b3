namespace Millrace.Operations.Proof;

/// <summary>What a compaction of the ledger did.</summary>
/// <param name="Ran">False when another process was at it.</param>
/// <param name="Before">Rows that were looked at and merged.</param>
/// <param name="After">Rows that they became.</param>
public sealed record CompactionResult(bool Ran, long Before, long After);
