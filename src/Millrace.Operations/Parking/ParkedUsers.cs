using System.Text.Json;
using Npgsql;

namespace Millrace.Operations.Parking;

/// <summary>The users whose events wait.</summary>
public sealed class ParkedUsers
{
    private const int MaxEvents = 1_000;

    private const string UsersSql =
        """
        SELECT user_id, partition, reason, detail, parked_at, attempts, next_attempt_at,
               (SELECT count(*) FROM pipeline.parked_events e WHERE (e.group_id, e.topic, e.partition, e.user_id) = (u.group_id, u.topic, u.partition, u.user_id))
          FROM pipeline.parked_users u
         WHERE group_id = $1 AND topic = $2
        """;

    private const string EventsSql =
        """
        SELECT event_id, event_type, partition, kafka_offset, correlation_id, parked_at
          FROM pipeline.parked_events
         WHERE group_id = $1 AND topic = $2 AND partition = $3 AND user_id = $4
         ORDER BY kafka_offset LIMIT $5
        """;

    private readonly OperationsSettings _settings;
    private readonly NpgsqlDataSource _database;

    internal ParkedUsers(OperationsSettings settings, NpgsqlDataSource database)
    {
        _settings = settings;
        _database = database;
    }

    /// <summary>Those who wait, the longest first, at most <paramref name="limit"/>.</summary>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public async Task<IReadOnlyList<ParkedUser>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadUsersAsync($"{UsersSql} ORDER BY parked_at, user_id LIMIT $3", limit, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw Database.Translate(e);
        }
    }

    /// <summary>One user's queues, by partition; empty when nothing of theirs waits.</summary>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public async Task<IReadOnlyList<ParkedQueue>> ShowAsync(string userId, CancellationToken cancellationToken)
    {
        try
        {
            var queues = new List<ParkedQueue>();
            foreach (var user in await ReadUsersAsync($"{UsersSql} AND user_id = $3 ORDER BY partition", userId, cancellationToken))
                queues.Add(new ParkedQueue(user, await ReadEventsAsync(user, cancellationToken)));
            return queues;
        }
        catch (NpgsqlException e)
        {
            throw Database.Translate(e);
        }
    }

    /// <summary>Makes the user's first event due at once: it is tried when the pipeline next looks at the times in the table, which it does when it starts too.</summary>
    /// <returns>False when nothing of theirs waits.</returns>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public async Task<bool> RetryNowAsync(string userId, string actor, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var command = new NpgsqlCommand(
                "UPDATE pipeline.parked_users SET next_attempt_at = now() WHERE group_id = $1 AND topic = $2 AND user_id = $3", connection)
            {
                Parameters = { new() { Value = _settings.GroupId }, new() { Value = _settings.Topic }, new() { Value = userId } },
            };
            var queues = await command.ExecuteNonQueryAsync(cancellationToken);
            var details = JsonSerializer.Serialize(new Dictionary<string, string> { ["topic"] = _settings.Topic, ["group"] = _settings.GroupId }, ParkingJson.Default.DictionaryStringString);
            await OperationsLog.AddAsync(
                connection, actor, "parked.retry", userId, details, queues > 0 ? "due now" : "nothing of this user waits", cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return queues > 0;
        }
        catch (NpgsqlException e)
        {
            throw Database.Translate(e);
        }
    }

    private async Task<List<ParkedUser>> ReadUsersAsync(string sql, object last, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = _settings.GroupId });
        command.Parameters.Add(new() { Value = _settings.Topic });
        command.Parameters.Add(new() { Value = last });
        var users = new List<ParkedUser>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            users.Add(new ParkedUser(
                reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3), reader.GetInt64(7),
                reader.GetFieldValue<DateTimeOffset>(4), reader.GetInt32(5), reader.GetFieldValue<DateTimeOffset>(6)));
        }

        return users;
    }

    private async Task<List<ParkedEvent>> ReadEventsAsync(ParkedUser user, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(EventsSql);
        command.Parameters.Add(new() { Value = _settings.GroupId });
        command.Parameters.Add(new() { Value = _settings.Topic });
        command.Parameters.Add(new() { Value = user.Partition });
        command.Parameters.Add(new() { Value = user.UserId });
        command.Parameters.Add(new() { Value = MaxEvents });
        var events = new List<ParkedEvent>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(new ParkedEvent(
                reader.GetGuid(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt64(3), reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5)));
        }

        return events;
    }
}
