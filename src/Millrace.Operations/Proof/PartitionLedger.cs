using Npgsql;

namespace Millrace.Operations.Proof;

/// <summary>What the ledger says of a partition, in sums, and where its chain of ranges breaks.</summary>
internal sealed record PartitionLedger
{
    public required int Partition { get; init; }

    public required long From { get; init; }

    public required long To { get; init; }

    public required DateTimeOffset FirstCommit { get; init; }

    /// <summary>Offsets of the ranges, those given up not counted.</summary>
    public required long Offsets { get; init; }

    public required long Inserted { get; init; }

    public required long Duplicates { get; init; }

    public required long Dead { get; init; }

    public required long Parked { get; init; }

    public required long Skipped { get; init; }

    public required long Flushes { get; init; }

    public required long Gaps { get; init; }

    public required long Overlaps { get; init; }

    /// <summary>Where the first range begins that does not begin at the end of the one before; null when there is none.</summary>
    public required long? BreakAt { get; init; }

    /// <summary>Flushes with more records than offsets.</summary>
    public required long Overfull { get; init; }

    public required long? OverfullAt { get; init; }

    public long Records => Inserted + Duplicates + Dead + Parked;

    public static async Task<List<PartitionLedger>> ReadAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        await using var command = snapshot.Command(LedgerQueries.Partitions);
        var partitions = new List<PartitionLedger>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            partitions.Add(Read(row));
        return partitions;
    }

    private static PartitionLedger Read(NpgsqlDataReader row) => new()
    {
        Partition = row.GetInt32(0),
        From = row.GetInt64(1),
        To = row.GetInt64(2),
        FirstCommit = row.GetFieldValue<DateTimeOffset>(3),
        Offsets = row.GetInt64(4),
        Inserted = row.GetInt64(5),
        Duplicates = row.GetInt64(6),
        Dead = row.GetInt64(7),
        Parked = row.GetInt64(8),
        Skipped = row.GetInt64(9),
        Flushes = row.GetInt64(10),
        Gaps = row.GetInt64(11),
        Overlaps = row.GetInt64(12),
        BreakAt = row.IsDBNull(13) ? null : row.GetInt64(13),
        Overfull = row.GetInt64(14),
        OverfullAt = row.IsDBNull(15) ? null : row.GetInt64(15),
    };
}
