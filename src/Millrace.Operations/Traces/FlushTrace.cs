namespace Millrace.Operations.Traces;

/// <summary>The row of the ledger that covers an event.</summary>
/// <param name="From">The first offset of its range.</param>
/// <param name="To">One past the last.</param>
/// <param name="Epoch">The epoch of the writer.</param>
/// <param name="CommittedAt">When its transaction was begun.</param>
/// <param name="Flushes">How many flushes were merged into the row when it got old.</param>
public sealed record FlushTrace(long From, long To, long Epoch, DateTimeOffset CommittedAt, int Flushes);
