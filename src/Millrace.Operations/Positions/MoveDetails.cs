namespace Millrace.Operations.Positions;

/// <summary>What the operations log says of a move.</summary>
/// <param name="LedgerSetAside">The topic name under which rows of the ledger are kept that the move made void; null for none.</param>
internal sealed record MoveDetails(string Group, string Target, long From, long To, long Epoch, string? LedgerSetAside);
