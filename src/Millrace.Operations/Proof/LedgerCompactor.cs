using Npgsql;

namespace Millrace.Operations.Proof;

/// <summary>Merges old rows of the ledger, so that it stays small: one row for each partition and hour. The chain of ranges stays whole.</summary>
public sealed class LedgerCompactor
{
    /// <summary>The age from which rows are merged, unless told otherwise: 7 days.</summary>
    public static readonly TimeSpan DefaultAge = TimeSpan.FromDays(7);

    // "ledger" in ASCII.
    private const long AdvisoryLock = 0x6C6564676572;

    // Neighbours of one hour become one row, which takes the place of the first; a row that was given up by a person stays for itself, and nothing
    // is merged across a hole, which must stay visible.
    private const string Sql =
        """
        WITH old AS (
            SELECT *, date_trunc('hour', committed_at) AS hour, lag(to_offset) OVER chain AS before, lag(skipped) OVER chain AS skipped_before,
                   lag(date_trunc('hour', committed_at)) OVER chain AS hour_before
              FROM pipeline.ledger
             WHERE committed_at < $1
            WINDOW chain AS (PARTITION BY group_id, topic, partition ORDER BY from_offset)),
        numbered AS (
            SELECT *, count(*) FILTER (WHERE before IS DISTINCT FROM from_offset OR hour_before <> hour OR skipped OR skipped_before)
                          OVER (PARTITION BY group_id, topic, partition ORDER BY from_offset) AS island
              FROM old),
        merged AS (
            SELECT group_id, topic, partition, min(from_offset) AS from_offset, max(to_offset) AS to_offset, sum(inserted)::int AS inserted,
                   sum(duplicates)::int AS duplicates, sum(dead)::int AS dead, sum(parked)::int AS parked, max(epoch) AS epoch,
                   max(committed_at) AS committed_at, sum(flushes)::int AS flushes, count(*) AS rows
              FROM numbered
             GROUP BY group_id, topic, partition, island
            HAVING count(*) > 1),
        kept AS (
            UPDATE pipeline.ledger AS l
               SET to_offset = m.to_offset, inserted = m.inserted, duplicates = m.duplicates, dead = m.dead, parked = m.parked, epoch = m.epoch,
                   committed_at = m.committed_at, flushes = m.flushes
              FROM merged AS m
             WHERE (l.group_id, l.topic, l.partition, l.from_offset) = (m.group_id, m.topic, m.partition, m.from_offset)),
        gone AS (
            DELETE FROM pipeline.ledger AS l
             USING merged AS m
             WHERE (l.group_id, l.topic, l.partition) = (m.group_id, m.topic, m.partition) AND l.from_offset > m.from_offset AND l.from_offset < m.to_offset)
        SELECT coalesce(sum(rows), 0)::bigint, count(*) FROM merged
        """;

    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _time;

    internal LedgerCompactor(NpgsqlDataSource database, TimeProvider time)
    {
        _database = database;
        _time = time;
    }

    /// <summary>Merges what is older than <paramref name="age"/>, unless another process is at it.</summary>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public async Task<CompactionResult> CompactAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var locking = new NpgsqlCommand($"SELECT pg_try_advisory_xact_lock({AdvisoryLock})", connection);
            if (!(bool)(await locking.ExecuteScalarAsync(cancellationToken))!)
                return new CompactionResult(false, 0, 0);
            var result = await CompactAsync(connection, (_time.GetUtcNow() - age).UtcDateTime, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        catch (NpgsqlException e)
        {
            throw Database.Translate(e);
        }
    }

    private static async Task<CompactionResult> CompactAsync(NpgsqlConnection connection, DateTime before, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = before } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new CompactionResult(true, row.GetInt64(0), row.GetInt64(1));
    }
}
