namespace Millrace.Operations.Proof;

/// <summary>The sums of the ledger over what was verified.</summary>
/// <param name="Offsets">Offsets covered, those given up by a person not counted.</param>
/// <param name="Inserted">Rows.</param>
/// <param name="Duplicates">Events whose id was there already.</param>
/// <param name="Dead">Dead letters.</param>
/// <param name="Parked">Events that were parked, whatever became of them.</param>
/// <param name="Skipped">Offsets given up by a person.</param>
/// <param name="Flushes">Transactions.</param>
public sealed record LedgerTotals(long Offsets, long Inserted, long Duplicates, long Dead, long Parked, long Skipped, long Flushes);
