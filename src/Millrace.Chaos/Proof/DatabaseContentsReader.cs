using System.Text;
using Npgsql;

namespace Millrace.Chaos.Proof;

/// <summary>Reads the pipeline's tables, of one moment.</summary>
internal static class DatabaseContentsReader
{
    /// <summary>The next offset of each partition that has one.</summary>
    public static async Task<IReadOnlyDictionary<int, long>> PositionsAsync(string connectionString, string topic)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT partition, next_offset FROM pipeline.consumer_positions WHERE topic = $1 AND next_offset IS NOT NULL", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = topic });
        await using var reader = await command.ExecuteReaderAsync();
        var positions = new Dictionary<int, long>();
        while (await reader.ReadAsync())
            positions[reader.GetInt32(0)] = reader.GetInt64(1);
        return positions;
    }

    /// <summary>Dead letters that the dead-letter topic has not acknowledged.</summary>
    public static async Task<long> UnrelayedAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) FROM pipeline.dead_letters WHERE relayed_at IS NULL", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public static async Task<DatabaseContents> ReadAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        return new DatabaseContents(
            await ReadAsync(
                connection, "SELECT event_id, kafka_partition, kafka_offset FROM pipeline.events",
                row => new StoredEvent(row.GetGuid(0), row.GetInt32(1), row.GetInt64(2))),
            await ReadAsync(
                connection, "SELECT dead_letter_id, record_key, kafka_partition, kafka_offset FROM pipeline.dead_letters",
                row => new DeadRecord(row.GetGuid(0), row.IsDBNull(1) ? "" : Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(1)), row.GetInt32(2), row.GetInt64(3))),
            await ReadAsync(
                connection, "SELECT partition, from_offset, to_offset, inserted, duplicates, dead, parked FROM pipeline.ledger",
                row => new LedgerRange(
                    row.GetInt32(0), row.GetInt64(1), row.GetInt64(2), row.GetInt32(3), row.GetInt32(4), row.GetInt32(5), row.GetInt32(6))));
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }
}
