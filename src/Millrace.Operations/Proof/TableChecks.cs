namespace Millrace.Operations.Proof;

/// <summary>What the ledger says against the rows that are there.</summary>
internal static class TableChecks
{
    public static async Task<List<Check>> RowsAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var checks = new List<Check>();
        await using var command = snapshot.RangeCommand(LedgerQueries.Rows);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var (partition, stored, noted) = (row.GetInt32(0), row.GetInt64(1), row.GetInt64(2));
            checks.Add(row.IsDBNull(3)
                ? new Check("rows", partition, CheckOutcome.Ok, $"The table has {stored:N0} rows, as many as were inserted, hour by hour.")
                : new Check(
                    "rows", partition, CheckOutcome.Failed,
                    $"The table has {stored:N0} rows and the ledger {noted:N0} inserted; the first hour in which they differ begins at {row.GetFieldValue<DateTimeOffset>(3):u}."));
        }

        return checks;
    }

    public static async Task<Check> DeadAsync(Snapshot snapshot, PartitionLedger ledger, CancellationToken cancellationToken)
    {
        var (letters, released) = await PairAsync(
            snapshot, LedgerQueries.Dead, [ledger.Partition, ledger.From, ledger.To, ledger.FirstCommit.UtcDateTime], cancellationToken);
        var expected = ledger.Dead + released;
        var parked = released == 0 ? "" : $" and {released:N0} became one after being parked";
        return letters == expected
            ? new Check("dead", ledger.Partition, CheckOutcome.Ok, $"There are {letters:N0} dead letters, as the ledger says{parked}.")
            : new Check("dead", ledger.Partition, CheckOutcome.Failed, $"There are {letters:N0} dead letters; the ledger has {ledger.Dead:N0}{parked}.");
    }

    public static async Task<Check> ParkedAsync(Snapshot snapshot, PartitionLedger ledger, CancellationToken cancellationToken)
    {
        var (waiting, released) = await PairAsync(snapshot, LedgerQueries.Parked, [ledger.Partition, ledger.From, ledger.To], cancellationToken);
        return waiting + released == ledger.Parked
            ? new Check("parked", ledger.Partition, CheckOutcome.Ok, $"{ledger.Parked:N0} events were parked: {waiting:N0} wait, {released:N0} were released.")
            : new Check("parked", ledger.Partition, CheckOutcome.Failed, $"The ledger has {ledger.Parked:N0} parked events, but {waiting:N0} wait and {released:N0} were released.");
    }

    private static async Task<(long First, long Second)> PairAsync(Snapshot snapshot, string sql, object[] more, CancellationToken cancellationToken)
    {
        await using var command = snapshot.Command(sql, more);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (row.GetInt64(0), row.GetInt64(1));
    }
}
