using Millrace.Pipeline.Read;
using Npgsql;
using NpgsqlTypes;

namespace Millrace.Pipeline.Ledger;

/// <summary>
/// Positions and epochs in PostgreSQL, which alone decide where reading goes on and who may write. Kafka's generation cannot: it does not
/// reach into a transaction that a stalled process commits after its partition has moved. So the token is made here: taking a partition
/// over raises its epoch, and <see cref="Advance"/> moves the position only under the epoch and from the offset that the writer holds.
/// </summary>
internal static class Positions
{
    private const string AcquireSql =
        """
        INSERT INTO pipeline.consumer_positions AS mine (group_id, topic, partition, epoch, topic_id, owner)
        SELECT $1, $2, partition, 1, $4, $5 FROM unnest($3) AS partition ORDER BY partition
        ON CONFLICT (group_id, topic, partition) DO UPDATE
           SET epoch = mine.epoch + 1, topic_id = coalesce(mine.topic_id, excluded.topic_id), owner = excluded.owner, assigned_at = now()
        RETURNING partition, epoch, next_offset, leader_epoch, topic_id
        """;

    private const string EpochsSql = "SELECT partition, epoch FROM pipeline.consumer_positions WHERE group_id = $1 AND topic = $2";

    private const string AdvanceSql = "SELECT pipeline.advance($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

    private const string FindCommittedSql =
        """
        SELECT l.inserted, l.duplicates, l.dead, l.parked
          FROM pipeline.consumer_positions p
          JOIN pipeline.ledger l USING (group_id, topic, partition)
         WHERE p.group_id = $1 AND p.topic = $2 AND p.partition = $3 AND p.epoch = $4 AND p.next_offset = $5
           AND l.epoch = $4 AND l.from_offset = $6 AND l.to_offset = $5
        """;

    /// <summary>
    /// Takes over partitions in one statement: raises the epoch of each and says where to go on. In ascending order, so that two processes
    /// that take over the same ones wait for each other and do not deadlock.
    /// </summary>
    public static async Task<IReadOnlyList<Position>> AcquireAsync(
        NpgsqlDataSource database, string groupId, string topic, IReadOnlyCollection<int> partitions, Guid? topicId, string owner,
        CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(AcquireSql);
        command.Parameters.Add(Text(groupId));
        command.Parameters.Add(Text(topic));
        command.Parameters.Add(new() { Value = partitions.Order().ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = (object?)topicId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(Text(owner));

        var positions = new List<Position>(partitions.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            positions.Add(new Position(
                reader.GetInt32(0),
                reader.GetInt64(1),
                reader.IsDBNull(2) ? null : reader.GetInt64(2),
                reader.IsDBNull(3) ? null : reader.GetInt32(3),
                reader.IsDBNull(4) ? null : reader.GetGuid(4)));
        }

        return positions;
    }

    /// <summary>The epoch of each partition as the table has it now; a partition that nobody took over has none.</summary>
    public static async Task<IReadOnlyDictionary<int, long>> ReadEpochsAsync(
        NpgsqlDataSource database, string groupId, string topic, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(EpochsSql);
        command.Parameters.Add(Text(groupId));
        command.Parameters.Add(Text(topic));
        var epochs = new Dictionary<int, long>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            epochs.Add(reader.GetInt32(0), reader.GetInt64(1));
        return epochs;
    }

    /// <summary>
    /// Moves the position from <paramref name="expected"/> to <paramref name="to"/> and writes the ledger row; the server raises
    /// <c>MR001</c> when the position is not ours to move.
    /// </summary>
    public static NpgsqlBatchCommand Advance(
        in PartitionKey key, long epoch, long? expected, long from, long to, int? leaderEpoch, int inserted, int duplicates, int dead, int parked) =>
        new(AdvanceSql)
        {
            Parameters =
            {
                Text(key.GroupId),
                Text(key.Topic),
                Int32(key.Partition),
                Int64(epoch),
                Int64(expected),
                Int64(from),
                Int64(to),
                Int32(leaderEpoch),
                Int32(inserted),
                Int32(duplicates),
                Int32(dead),
                Int32(parked),
            },
        };

    /// <summary>
    /// What an earlier attempt of this writer at the same flush committed, although its answer was lost on the way; null when none did.
    /// </summary>
    public static async Task<(int Inserted, int Duplicates, int Dead, int Parked)?> FindCommittedAsync(
        NpgsqlConnection connection, PartitionKey key, long epoch, long from, long to, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(FindCommittedSql, connection)
        {
            Parameters = { Text(key.GroupId), Text(key.Topic), Int32(key.Partition), Int64(epoch), Int64(to), Int64(from) },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        return (reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3));
    }

    private static NpgsqlParameter Text(string value) => new NpgsqlParameter<string> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Int32(int? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer };

    private static NpgsqlParameter Int64(long? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };
}
