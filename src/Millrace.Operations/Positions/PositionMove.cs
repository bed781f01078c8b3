using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Millrace.Operations.Positions;

/// <summary>
/// Carries a plan out, in the caller's transaction, which has locked the position. The ledger stays one chain that ends at the position:
/// </summary>
/// <remarks>
/// <para>forward: a row marked as skipped covers what is passed over;</para>
/// <para>
/// backward: the rows above the target are set aside under the topic name <c>topic#time</c>, because the same offsets will be covered again. When the
/// target lies inside a row, the position goes back to that row's beginning. Where the log does not reach that far, the row is set aside too, and one
/// marked as skipped stands in its place up to the target;
/// </para>
/// <para>another topic: all rows are set aside under <c>topic@old-id</c>, since equal offsets mean other records now.</para>
/// </remarks>
internal sealed class PositionMove(NpgsqlConnection connection, string groupId, string topic, int partition)
{
    private const string MoveSql =
        """
        UPDATE pipeline.consumer_positions
           SET epoch = epoch + 1, next_offset = $4, leader_epoch = NULL, topic_id = coalesce($5, topic_id), owner = $6, updated_at = now()
         WHERE group_id = $1 AND topic = $2 AND partition = $3
        RETURNING epoch
        """;

    private const string SkipSql =
        """
        INSERT INTO pipeline.ledger (group_id, topic, partition, from_offset, to_offset, inserted, duplicates, dead, epoch, skipped)
        VALUES ($1, $2, $3, $4, $5, 0, 0, 0, $6, true)
        """;

    private const string StraddlingSql =
        "SELECT from_offset FROM pipeline.ledger WHERE group_id = $1 AND topic = $2 AND partition = $3 AND from_offset < $4 AND to_offset > $4";

    private const string SetAsideSql =
        "UPDATE pipeline.ledger SET topic = $4 WHERE group_id = $1 AND topic = $2 AND partition = $3 AND to_offset > $5";

    // What became of parked events, and what was accepted over HTTP, are told by offset too.
    private const string SetAsideReleasedSql =
        "UPDATE pipeline.released_events SET topic = $4 WHERE group_id = $1 AND topic = $2 AND partition = $3 AND kafka_offset >= $5";

    private const string SetAsideAcceptedSql = "UPDATE pipeline.accepted SET topic = $3 WHERE topic = $1 AND partition = $2";

    /// <returns>Where the position is now.</returns>
    public async Task<long> RunAsync(ResolvePlan plan, StoredPosition position, TopicLog log, ResolveRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var to = plan.To;
        var gap = (From: plan.From, To: plan.To);
        string? aside = null;
        if (request.Target == ResolveTarget.RecreatedTopic)
        {
            aside = $"{topic}@{position.TopicId}";
            await SetAsideAsync(aside, 0, cancellationToken);
            await ExecuteAsync(SetAsideAcceptedSql, [topic, partition, aside], cancellationToken);
            gap = (to, to);
        }
        else if (to < plan.From)
        {
            aside = $"{topic}#{now.UtcDateTime:yyyyMMdd'T'HHmmss.fff'Z'}";
            gap = (to, to);
            if (await ScalarAsync(StraddlingSql, [groupId, topic, partition, to], cancellationToken) is long begin)
            {
                if (begin >= log.Partitions[partition].Low.Value)
                    to = begin;
                else
                    gap = (begin, to);
            }

            await SetAsideAsync(aside, gap.From, cancellationToken);
        }

        var epoch = (long)(await ScalarAsync(
            MoveSql, [groupId, topic, partition, to, (object?)log.Id ?? DBNull.Value, $"resolved by {request.Actor}"], cancellationToken))!;
        if (gap.From < gap.To)
            await ExecuteAsync(SkipSql, [groupId, topic, partition, gap.From, gap.To, epoch], cancellationToken);
        await NoteAsync(plan, to, aside, epoch, request, cancellationToken);
        return to;
    }

    private async Task SetAsideAsync(string name, long from, CancellationToken cancellationToken)
    {
        await ExecuteAsync(SetAsideSql, [groupId, topic, partition, name, from], cancellationToken);
        await ExecuteAsync(SetAsideReleasedSql, [groupId, topic, partition, name, from], cancellationToken);
    }

    private async Task NoteAsync(ResolvePlan plan, long to, string? aside, long epoch, ResolveRequest request, CancellationToken cancellationToken)
    {
        var details = JsonSerializer.Serialize(
            new MoveDetails(groupId, request.Target.ToString(), plan.From, to, epoch, aside), PositionsJson.Default.MoveDetails);
        await OperationsLog.AddAsync(connection, request.Actor, "positions.resolve", $"{topic}-{partition}", details, plan.Sentence, cancellationToken);
    }

    private async Task ExecuteAsync(string sql, object[] parameters, CancellationToken cancellationToken)
    {
        await using var command = Command(sql, parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<object?> ScalarAsync(string sql, object[] parameters, CancellationToken cancellationToken)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter is DBNull ? new() { Value = parameter, NpgsqlDbType = NpgsqlDbType.Uuid } : new() { Value = parameter });
        return command;
    }
}
