using Npgsql;

namespace Millrace.Operations.Traces;

/// <summary>What the tables know of events.</summary>
internal sealed class TraceStore(NpgsqlDataSource database, OperationsSettings settings)
{
    public Task<List<EventTrace>> StoredAsync(string sql, object wanted, CancellationToken cancellationToken) => ReadAsync(
        sql, wanted,
        row => new EventTrace
        {
            Outcome = TraceOutcome.Stored,
            Sentence = "",
            EventId = row.GetGuid(0),
            EventType = row.GetString(1),
            UserId = Text(row, 2),
            CorrelationId = Text(row, 3),
            Topic = settings.Topic,
            Partition = row.GetInt32(4),
            Offset = row.GetInt64(5),
            CommittedAt = row.GetFieldValue<DateTimeOffset>(6),
            Payload = row.GetString(7),
        },
        cancellationToken);

    public Task<List<EventTrace>> DeadAsync(string sql, object wanted, CancellationToken cancellationToken) => ReadAsync(
        sql, wanted,
        row => new EventTrace
        {
            Outcome = TraceOutcome.Dead,
            Sentence = "",
            EventId = row.GetGuid(0),
            EventType = Text(row, 1),
            UserId = Text(row, 2),
            CorrelationId = Text(row, 3),
            Topic = row.GetString(4),
            Partition = row.GetInt32(5),
            Offset = row.GetInt64(6),
            AcceptedAt = row.GetFieldValue<DateTimeOffset>(7),
            Dead = new DeadTrace(row.GetGuid(8), row.GetString(9), row.GetString(10), row.GetString(11), row.GetFieldValue<DateTimeOffset>(12)),
        },
        cancellationToken);

    public Task<List<EventTrace>> ParkedAsync(string sql, object wanted, CancellationToken cancellationToken) => ReadAsync(
        sql, wanted,
        row => new EventTrace
        {
            Outcome = TraceOutcome.Parked,
            Sentence = "",
            EventId = row.GetGuid(0),
            EventType = row.GetString(1),
            UserId = row.GetString(2),
            CorrelationId = Text(row, 3),
            Topic = settings.Topic,
            Partition = row.GetInt32(4),
            Offset = row.GetInt64(5),
            AcceptedAt = row.GetFieldValue<DateTimeOffset>(6),
            Parked = new ParkedTrace(
                row.GetGuid(8), row.GetInt64(9), row.GetString(10), row.GetString(11), row.GetInt32(12), row.GetFieldValue<DateTimeOffset>(7),
                row.GetFieldValue<DateTimeOffset>(13)),
        },
        cancellationToken);

    /// <summary>The flush that covers the offset; null when none does.</summary>
    public async Task<FlushTrace?> FlushAsync(int partition, long offset, CancellationToken cancellationToken)
    {
        await using var command = Command(TraceQueries.Flush, partition);
        command.Parameters.Add(new() { Value = offset });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) && row.GetInt64(1) > offset
            ? new FlushTrace(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetFieldValue<DateTimeOffset>(3), row.GetInt32(4))
            : null;
    }

    /// <summary>Offsets a second that the partition's last flushes covered; null when there were none lately.</summary>
    public async Task<double?> RateAsync(int partition, CancellationToken cancellationToken)
    {
        await using var command = Command(TraceQueries.Rate, partition);
        return await command.ExecuteScalarAsync(cancellationToken) as double?;
    }

    private async Task<List<EventTrace>> ReadAsync(string sql, object wanted, Func<NpgsqlDataReader, EventTrace> read, CancellationToken cancellationToken)
    {
        await using var command = Command(sql, wanted);
        var traces = new List<EventTrace>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            traces.Add(read(row));
        return traces;
    }

    private NpgsqlCommand Command(string sql, object third)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = settings.GroupId });
        command.Parameters.Add(new() { Value = settings.Topic });
        command.Parameters.Add(new() { Value = third });
        return command;
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
