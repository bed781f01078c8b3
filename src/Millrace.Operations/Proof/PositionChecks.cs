using Millrace.Operations.Positions;

namespace Millrace.Operations.Proof;

/// <summary>Positions against the ledger, the broker's log, and what was accepted over HTTP.</summary>
internal static class PositionChecks
{
    /// <summary>The position is the end of the last range. A range of time that ends before now has another last range, so it says nothing.</summary>
    public static Check Position(StoredPosition position, PartitionLedger? ledger)
    {
        Check Of(CheckOutcome outcome, string sentence) => new("position", position.Partition, outcome, sentence);
        return (position.NextOffset, ledger?.To) switch
        {
            (null, null) => Of(CheckOutcome.Ok, "Nothing was committed yet."),
            ({ } next, { } end) when next == end => Of(CheckOutcome.Ok, $"The position is {next}, where the last flush ended."),
            ({ } next, null) => Of(CheckOutcome.Failed, $"The position is {next}, but the ledger has no flush."),
            (var next, { } end) => Of(CheckOutcome.Failed, $"The position is {next?.ToString() ?? "not set"}, but the last flush ended at {end}."),
        };
    }

    public static Check Watermarks(StoredPosition position, TopicLog log)
    {
        Check Of(CheckOutcome outcome, string sentence) => new("watermarks", position.Partition, outcome, sentence);
        if (position.TopicId is { } known && log.Id is { } current && known != current)
            return Of(CheckOutcome.Failed, "The topic was deleted and made again since the position was committed.");
        if (position.Partition >= log.Partitions.Count)
            return Of(CheckOutcome.Failed, $"The topic has no such partition; it has {log.Partitions.Count}.");
        var (start, end) = (log.Partitions[position.Partition].Low.Value, log.Partitions[position.Partition].High.Value);
        if (position.NextOffset is not { } next)
            return Of(CheckOutcome.Ok, $"The log has offsets {start} up to {end}; nothing was committed yet.");
        if (next > end)
            return Of(CheckOutcome.Failed, $"The position {next} is beyond the log's end {end}: the log lost records that were read.");
        if (next < start)
            return Of(CheckOutcome.Failed, $"The log begins at {start}, after the position {next}: {start - next:N0} offsets are gone that were not read.");
        return Of(CheckOutcome.Ok, $"The position {next} is in the log, {start} up to {end}; {end - next:N0} offsets are yet to be read.");
    }

    /// <summary>Each offset that was answered for over HTTP is in the ledger, or after the position and still in the log.</summary>
    public static async Task<List<Check>> AcceptedAsync(
        Snapshot snapshot, IReadOnlyDictionary<int, StoredPosition> positions, TopicLog? log, CancellationToken cancellationToken)
    {
        var checks = new List<Check>();
        await using var command = snapshot.Command(LedgerQueries.Accepted);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var (partition, events, width, missing) = (row.GetInt32(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
            var (from, to, skipped) = (row.IsDBNull(4) ? 0 : row.GetInt64(4), row.IsDBNull(5) ? 0 : row.GetInt64(5), row.GetInt64(6));
            var next = positions.GetValueOrDefault(partition)?.NextOffset ?? 0;
            var end = log is not null && partition < log.Partitions.Count ? log.Partitions[partition].High.Value : (long?)null;
            var given = skipped == 0 ? "" : $"; {skipped:N0} of them were given up by a person";
            checks.Add((events != width, missing > 0, next > from, end < to) switch
            {
                (true, _, _, _) => Of(CheckOutcome.Failed, $"{events:N0} events were accepted at {width:N0} offsets: some offset was given twice, so the log lost what it had acknowledged."),
                (_, false, _, _) => Of(CheckOutcome.Ok, $"{events:N0} events were accepted over HTTP, and the ledger covers all of them{given}."),
                (_, _, true, _) => Of(CheckOutcome.Failed, $"{events:N0} events were accepted over HTTP, but {missing:N0} of them, from offset {from} on, are in no flush although the position is {next}."),
                (_, _, _, true) => Of(CheckOutcome.Failed, $"{events:N0} events were accepted over HTTP, up to offset {to}, but the log ends at {end}: it lost what it had acknowledged."),
                _ when end is null => Of(CheckOutcome.NotChecked, $"{events:N0} events were accepted over HTTP; {missing:N0} of them were not read yet, and the broker does not say whether it has them."),
                _ => Of(CheckOutcome.Ok, $"{events:N0} events were accepted over HTTP; the ledger covers all but {missing:N0}, which are in the log and yet to be read{given}."),
            });

            Check Of(CheckOutcome outcome, string sentence) => new("accepted", partition, outcome, sentence);
        }

        return checks;
    }
}
