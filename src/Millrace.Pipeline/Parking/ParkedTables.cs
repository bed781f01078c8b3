using System.Text;
using Millrace.Events;
using Millrace.Pipeline.Read;
using Npgsql;
using NpgsqlTypes;

namespace Millrace.Pipeline.Parking;

/// <summary>The statements of <c>parked_users</c>, <c>parked_events</c> and <c>released_events</c>. Only lanes write them, under their epoch.</summary>
internal static class ParkedTables
{
    private const string LoadSql =
        """
        SELECT u.user_id, count(*)::int, extract(epoch FROM u.next_attempt_at - now())::float8
          FROM pipeline.parked_users u
          JOIN pipeline.parked_events e USING (group_id, topic, partition, user_id)
         WHERE u.group_id = $1 AND u.topic = $2 AND u.partition = $3
         GROUP BY u.user_id, u.next_attempt_at
        """;

    private const string DueSql =
        "SELECT user_id FROM pipeline.parked_users WHERE group_id = $1 AND topic = $2 AND partition = $3 AND next_attempt_at <= now()";

    // A record that is read again, because somebody set the position back, may be waiting already.
    private const string ParkUsersSql =
        """
        INSERT INTO pipeline.parked_users (group_id, topic, partition, user_id, reason, detail, next_attempt_at)
        SELECT $1, $2, $3, user_id, reason, detail, now() + $7 FROM unnest($4, $5, $6) AS failed (user_id, reason, detail)
        ON CONFLICT (group_id, topic, partition, user_id) DO NOTHING
        """;

    private const string ParkEventsSql =
        """
        INSERT INTO pipeline.parked_events
            (group_id, topic, partition, kafka_offset, user_id, event_id, event_type, correlation_id,
             record_timestamp, record_key, record_value, record_headers)
        SELECT $1, $2, $3, record_offset, user_id, event_id, event_type, correlation_id, record_timestamp, record_key, record_value, record_headers
          FROM unnest($4, $5, $6, $7, $8, $9, $10, $11, $12) AS event
               (record_offset, user_id, event_id, event_type, correlation_id, record_timestamp, record_key, record_value, record_headers)
        ON CONFLICT (group_id, topic, partition, kafka_offset) DO NOTHING
        """;

    // created_at is the start of the transaction, so that a row of the same id that another record made is told from the one made here.
    private const string ReleaseSql =
        """
        INSERT INTO pipeline.released_events (group_id, topic, partition, kafka_offset, event_id, outcome, epoch)
        SELECT $1, $2, $3, record_offset, released.event_id,
               CASE WHEN is_dead THEN 'dead' WHEN e.event_id IS NULL THEN 'duplicate' ELSE 'inserted' END, $7
          FROM unnest($4, $5, $6) AS released (record_offset, event_id, is_dead)
          LEFT JOIN pipeline.events e
            ON e.event_id = released.event_id AND e.kafka_partition = $3 AND e.kafka_offset = record_offset AND e.created_at = now()
        ON CONFLICT (group_id, topic, partition, kafka_offset) DO UPDATE
           SET outcome = excluded.outcome, epoch = excluded.epoch, released_at = now()
        """;

    private const string RemoveEventsSql =
        "DELETE FROM pipeline.parked_events WHERE group_id = $1 AND topic = $2 AND partition = $3 AND kafka_offset = ANY ($4)";

    private const string RemoveUserSql =
        "DELETE FROM pipeline.parked_users WHERE group_id = $1 AND topic = $2 AND partition = $3 AND user_id = $4";

    private const string PostponeSql =
        """
        UPDATE pipeline.parked_users SET reason = $5, detail = $6, attempts = $7, next_attempt_at = now() + $8
         WHERE group_id = $1 AND topic = $2 AND partition = $3 AND user_id = $4
        """;

    /// <summary>Tells <paramref name="users"/> what the tables say.</summary>
    public static async Task LoadAsync(NpgsqlConnection connection, PartitionKey key, ParkedUsers users, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(LoadSql, connection);
        AddKey(command.Parameters, key);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        users.Clear();
        while (await reader.ReadAsync(cancellationToken))
            users.Set(Encoding.UTF8.GetBytes(reader.GetString(0)), reader.GetInt32(1), TimeSpan.FromSeconds(reader.GetDouble(2)));
    }

    /// <summary>Tells <paramref name="users"/> whose attempt is due by the tables: a person may have brought it forward.</summary>
    public static async Task FindDueAsync(NpgsqlConnection connection, PartitionKey key, ParkedUsers users, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(DueSql, connection);
        AddKey(command.Parameters, key);
        var due = new List<byte[]>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            due.Add(Encoding.UTF8.GetBytes(reader.GetString(0)));
        users.MakeDue(due);
    }

    /// <summary>The statements that put events into their queues and park the users of those that failed.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Park(
        PartitionKey key, RecordBuffer records, IReadOnlyCollection<ParkedEvent> events, TimeSpan firstDelay)
    {
        var failed = events.Where(parked => parked.Failure is not null).ToList();
        if (failed.Count > 0)
        {
            yield return Command(
                ParkUsersSql,
                key,
                Array(failed.Select(parked => parked.UserId), NpgsqlDbType.Text),
                Array(failed.Select(parked => parked.Failure!.Reason.Code()), NpgsqlDbType.Text),
                Array(failed.Select(parked => parked.Failure!.Detail), NpgsqlDbType.Text),
                new() { Value = firstDelay, NpgsqlDbType = NpgsqlDbType.Interval });
        }

        yield return Command(
            ParkEventsSql,
            key,
            Array(events.Select(parked => records[parked.Index].Offset), NpgsqlDbType.Bigint),
            Array(events.Select(parked => parked.UserId), NpgsqlDbType.Text),
            Array(events.Select(parked => parked.EventId), NpgsqlDbType.Uuid),
            Array(events.Select(parked => parked.EventType), NpgsqlDbType.Text),
            Array(events.Select(parked => parked.CorrelationId), NpgsqlDbType.Text),
            Array(events.Select(parked => records[parked.Index].Timestamp), NpgsqlDbType.TimestampTz),
            Array(events.Select(parked => records[parked.Index].KeyToArray()), NpgsqlDbType.Bytea),
            Array(events.Select(parked => records[parked.Index].Value.ToArray()), NpgsqlDbType.Bytea),
            Array(events.Select(parked => new RecordHeaders(records[parked.Index].Headers).ToJson()), NpgsqlDbType.Jsonb));
    }

    /// <summary>The statements that take events out of their queue and say how each ended.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Release(
        PartitionKey key, long epoch, IReadOnlyCollection<long> offsets, IReadOnlyCollection<Guid> eventIds, IReadOnlyCollection<bool> dead)
    {
        yield return Command(
            ReleaseSql,
            key,
            Array(offsets, NpgsqlDbType.Bigint),
            Array(eventIds, NpgsqlDbType.Uuid),
            Array(dead, NpgsqlDbType.Boolean),
            new() { Value = epoch, NpgsqlDbType = NpgsqlDbType.Bigint });
        yield return Command(RemoveEventsSql, key, Array(offsets, NpgsqlDbType.Bigint));
    }

    /// <summary>The user is parked no more.</summary>
    public static NpgsqlBatchCommand RemoveUser(PartitionKey key, string user) => Command(RemoveUserSql, key, Text(user));

    /// <summary>The first event of the user's queue failed: it is tried again after the delay.</summary>
    public static NpgsqlBatchCommand Postpone(PartitionKey key, string user, EventFailure failure, int attempts, TimeSpan delay) => Command(
        PostponeSql,
        key,
        Text(user),
        Text(failure.Reason.Code()),
        Text(failure.Detail),
        new() { Value = attempts, NpgsqlDbType = NpgsqlDbType.Integer },
        new() { Value = delay, NpgsqlDbType = NpgsqlDbType.Interval });

    public static void AddKey(NpgsqlParameterCollection parameters, PartitionKey key)
    {
        parameters.Add(Text(key.GroupId));
        parameters.Add(Text(key.Topic));
        parameters.Add(new() { Value = key.Partition, NpgsqlDbType = NpgsqlDbType.Integer });
    }

    private static NpgsqlBatchCommand Command(string sql, PartitionKey key, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        AddKey(command.Parameters, key);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Array<T>(IEnumerable<T> values, NpgsqlDbType type) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
