using Npgsql;

namespace Millrace.Operations.Positions;

/// <summary>A row of <c>pipeline.consumer_positions</c>.</summary>
internal sealed record StoredPosition(int Partition, long Epoch, long? NextOffset, Guid? TopicId, string Owner, DateTimeOffset UpdatedAt)
{
    private const string Sql =
        "SELECT partition, epoch, next_offset, topic_id, owner, updated_at FROM pipeline.consumer_positions WHERE group_id = $1 AND topic = $2";

    /// <summary>All of a group and topic, by partition.</summary>
    public static Task<List<StoredPosition>> ReadAllAsync(NpgsqlConnection connection, string groupId, string topic, CancellationToken cancellationToken) =>
        ReadAsync(connection, $"{Sql} ORDER BY partition", [groupId, topic], cancellationToken);

    /// <summary>One, locked until the transaction ends; null when there is none.</summary>
    public static async Task<StoredPosition?> LockAsync(
        NpgsqlConnection connection, string groupId, string topic, int partition, CancellationToken cancellationToken) =>
        (await ReadAsync(connection, $"{Sql} AND partition = $3 FOR UPDATE", [groupId, topic, partition], cancellationToken)).SingleOrDefault();

    private static async Task<List<StoredPosition>> ReadAsync(
        NpgsqlConnection connection, string sql, IEnumerable<object> parameters, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        var positions = new List<StoredPosition>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            positions.Add(new StoredPosition(
                reader.GetInt32(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetGuid(3),
                reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5)));
        }

        return positions;
    }
}
