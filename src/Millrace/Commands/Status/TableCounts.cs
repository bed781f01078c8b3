using Npgsql;

namespace Millrace.Commands.Status;

/// <summary>How much is in the tables. Counting reads a whole table, so a big one is estimated.</summary>
/// <param name="Events">Rows.</param>
/// <param name="EventsAreEstimated">Whether they were not counted.</param>
/// <param name="DeadLetters">Those about which nobody has decided.</param>
/// <param name="UnrelayedDeadLetters">Those that the dead-letter topic does not have yet.</param>
/// <param name="ParkedUsers">Users whose events wait.</param>
internal sealed record TableCounts(long Events, bool EventsAreEstimated, long DeadLetters, long UnrelayedDeadLetters, long ParkedUsers)
{
    /// <summary>Up to this size a count takes less than the blink of an eye.</summary>
    private const string CountedUpTo = "200 MB";

    private const string Sql =
        $"""
        SELECT pg_table_size('pipeline.events') > pg_size_bytes('{CountedUpTo}') AS big,
               (SELECT reltuples::bigint FROM pg_class WHERE oid = 'pipeline.events'::regclass) AS estimate,
               (SELECT count(*) FROM pipeline.dead_letters WHERE state = 'new') AS dead,
               (SELECT count(*) FROM pipeline.dead_letters WHERE relayed_at IS NULL) AS unrelayed,
               (SELECT count(*) FROM pipeline.parked_users) AS parked
        """;

    public static async Task<TableCounts> ReadAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection);
        bool big;
        long estimate, dead, unrelayed, parked;
        await using (NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            (big, estimate, dead, unrelayed, parked) = (reader.GetBoolean(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
        }

        // -1: never analysed, so there is nothing to estimate from.
        if (big && estimate >= 0)
            return new TableCounts(estimate, true, dead, unrelayed, parked);
        await using var count = new NpgsqlCommand("SELECT count(*) FROM pipeline.events", connection);
        return new TableCounts((long)(await count.ExecuteScalarAsync(cancellationToken))!, false, dead, unrelayed, parked);
    }
}
