using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Millrace.Bench;

/// <summary>One row of <c>pipeline.events</c> as the drain wrote it, with the payload as it was sent.</summary>
internal readonly record struct EventRow(
    Guid EventId,
    string EventType,
    string? UserId,
    DateTime OccurredAt,
    int? SchemaVersion,
    string? CorrelationId,
    byte[] Payload,
    int Partition,
    long Offset);

/// <summary>
/// The yardstick: the rows of the drain, through a bare Npgsql binary COPY into an identical table, with nothing checked, accounted
/// or fenced. The rows are in memory before the clock starts.
/// </summary>
internal static class CopyBaseline
{
    private const string Columns =
        "event_id, event_type, user_id, occurred_at, schema_version, correlation_id, payload, kafka_partition, kafka_offset";

    public static async Task<List<EventRow>> ReadRowsAsync(
        NpgsqlDataSource database, PreloadedTopic topic, CancellationToken cancellationToken)
    {
        var values = topic.ReadValues(cancellationToken);
        var rows = new List<EventRow>();
        await using var command = database.CreateCommand(
            """
            SELECT event_id, event_type, user_id, occurred_at, schema_version, correlation_id, kafka_partition, kafka_offset
            FROM pipeline.events ORDER BY kafka_partition, kafka_offset
            """);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new EventRow(
                reader.GetGuid(0),
                string.Intern(reader.GetString(1)),
                reader.IsDBNull(2) ? null : reader.GetString(2),
                reader.GetDateTime(3),
                reader.IsDBNull(4) ? null : reader.GetInt32(4),
                reader.IsDBNull(5) ? null : reader.GetString(5),
                values[reader.GetInt32(6)][reader.GetInt64(7)],
                reader.GetInt32(6),
                reader.GetInt64(7)));
        }

        return rows;
    }

    /// <summary>Copies all rows over so many connections at once; gives events per second.</summary>
    public static async Task<double> MeasureAsync(
        BenchServers servers, NpgsqlDataSource database, List<EventRow> rows, int connections, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            database,
            "DROP TABLE IF EXISTS pipeline.bench_copy; CREATE TABLE pipeline.bench_copy (LIKE pipeline.events INCLUDING ALL)",
            cancellationToken);
        await servers.SettleAsync(cancellationToken);

        var share = (rows.Count + connections - 1) / connections;
        var open = new List<NpgsqlConnection>();
        for (var number = 0; number < connections; number++)
        {
            open.Add(await database.OpenConnectionAsync(cancellationToken));
        }

        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(open.Select((connection, number) => Task.Run(
            () => Copy(connection, rows, number * share, Math.Min((number + 1) * share, rows.Count)), cancellationToken)));
        var elapsed = Stopwatch.GetElapsedTime(start);
        foreach (var connection in open)
        {
            await connection.DisposeAsync();
        }

        await using var count = database.CreateCommand("SELECT count(*) FROM pipeline.bench_copy");
        var stored = (long)(await count.ExecuteScalarAsync(cancellationToken))!;
        await ExecuteAsync(database, "DROP TABLE pipeline.bench_copy", cancellationToken);
        return stored == rows.Count
            ? rows.Count / elapsed.TotalSeconds
            : throw new BenchFailedException($"The bare COPY stored {stored} of {rows.Count} rows: the comparison is void.");
    }

    private static void Copy(NpgsqlConnection connection, List<EventRow> rows, int from, int to)
    {
        using var writer = connection.BeginBinaryImport($"COPY pipeline.bench_copy ({Columns}) FROM STDIN (FORMAT BINARY)");
        for (var at = from; at < to; at++)
        {
            var row = rows[at];
            writer.StartRow();
            writer.Write(row.EventId, NpgsqlDbType.Uuid);
            writer.Write(row.EventType, NpgsqlDbType.Text);
            writer.Write(row.UserId, NpgsqlDbType.Text);
            writer.Write(row.OccurredAt, NpgsqlDbType.TimestampTz);
            WriteOrNull(writer, row.SchemaVersion);
            writer.Write(row.CorrelationId, NpgsqlDbType.Text);
            writer.Write(row.Payload, NpgsqlDbType.Jsonb);
            writer.Write(row.Partition, NpgsqlDbType.Integer);
            writer.Write(row.Offset, NpgsqlDbType.Bigint);
        }

        writer.Complete();
    }

    private static void WriteOrNull(NpgsqlBinaryImporter writer, int? value)
    {
        if (value is { } number)
        {
            writer.Write(number, NpgsqlDbType.Integer);
        }
        else
        {
            writer.WriteNull();
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
