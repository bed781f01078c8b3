using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Millrace.Operations.DeadLetters;

/// <summary>
/// Sends one page of letters: 1. see whether any wait; 2. lock, so that of several processes one sends; 3. send the oldest; 4. mark what the topic
/// acknowledged, and commit, which unlocks.
/// </summary>
/// <remarks>
/// The lock is an advisory one and no row is locked while Kafka takes its time: a flush of the pipeline that meets one of these letters again must
/// not wait for Kafka. It belongs to the transaction, so it is gone with the process; who lost it by losing the connection can only send twice.
/// </remarks>
internal sealed class RelayRound(
    NpgsqlDataSource database, Func<IProducer<byte[]?, byte[]?>> producer, string topic, int partitions, Metrics metrics, ILogger logger)
{
    // "relay" in ASCII; together with the database that is all that tells it from other advisory locks.
    private const long AdvisoryLock = 0x72656C6179;

    private const int PageSize = 500;

    // A page is held in memory. The first letter goes whatever its size.
    private const long PageBytes = 64 * 1024 * 1024;

    // A cheap question, because it is asked again and again for ever: it reads nothing but the end of a partial index that is empty then.
    private const string AnySql = "SELECT EXISTS (SELECT FROM pipeline.dead_letters WHERE relayed_at IS NULL)";

    private const string PageSql =
        """
        SELECT dead_letter_id, coalesce(octet_length(record_value), 0) + coalesce(octet_length(record_key), 0)
          FROM pipeline.dead_letters WHERE relayed_at IS NULL ORDER BY first_seen LIMIT $1
        """;

    private const string MarkSql = "UPDATE pipeline.dead_letters SET relayed_at = now() WHERE dead_letter_id = ANY ($1)";

    /// <returns>How many were relayed; 0 when there is nothing to do or another process does it.</returns>
    /// <exception cref="KafkaException">A record was refused for another reason than its size; those acknowledged are marked.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (!await IsAsync(connection, AnySql, cancellationToken))
            return 0;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await IsAsync(connection, $"SELECT pg_try_advisory_xact_lock({AdvisoryLock})", cancellationToken))
            return 0;

        var letters = await ReadAsync(connection, await FindPageAsync(connection, cancellationToken), cancellationToken);
        var answers = await SendAsync(letters, RelayedLetter.Whole);
        var tooLarge = letters.Where((_, i) => answers[i]?.Code == ErrorCode.MsgSizeTooLarge).ToList();
        var notices = await SendAsync(tooLarge, RelayedLetter.Notice);

        var whole = letters.Where((_, i) => answers[i] is null).ToList();
        var noticed = tooLarge.Where((_, i) => notices[i] is null).ToList();
        await MarkAsync(connection, transaction, [.. whole.Concat(noticed).Select(letter => letter.Id)]);
        metrics.AddRelayed(whole.Count, noticed.Count);
        if (noticed.Count > 0)
            logger.RelayedWithoutValue(noticed.Count, topic, noticed[0].Id);

        var failure = answers.Where(error => error is not null && error.Code != ErrorCode.MsgSizeTooLarge).Concat(notices).FirstOrDefault(error => error is not null);
        return failure is null ? whole.Count + noticed.Count : throw new KafkaException(failure);
    }

    private static async Task<bool> IsAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<Guid[]> FindPageAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(PageSql, connection) { Parameters = { new() { Value = PageSize } } };
        var page = new List<Guid>(PageSize);
        long bytes = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            bytes += reader.GetInt32(1);
            if (bytes <= PageBytes || page.Count == 0)
                page.Add(reader.GetGuid(0));
        }

        return [.. page];
    }

    private static async Task<List<DeadLetterRecord>> ReadAsync(NpgsqlConnection connection, Guid[] page, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand { Connection = connection };
        DeadLetterQuery.Apply(command, new DeadLetterFilter { Ids = page, State = null }, DeadLetterRow.Select, "ORDER BY first_seen");
        var letters = new List<DeadLetterRecord>(page.Length);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            letters.Add(DeadLetterRow.Read(reader));
        return letters;
    }

    private Task<IReadOnlyList<Error?>> SendAsync(List<DeadLetterRecord> letters, Func<DeadLetterRecord, Message<byte[]?, byte[]?>> message)
    {
        var page = new SentPage(producer());
        foreach (var letter in letters)
        {
            // The partition that it stood in, so that letters of one partition keep their order where both topics have as many.
            page.Send(new TopicPartition(topic, letter.Partition % partitions), message(letter));
        }

        return page.AnswersAsync();
    }

    private static async Task MarkAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid[] relayed)
    {
        // Not to be cancelled: what is acknowledged and not marked is sent again.
        if (relayed.Length > 0)
        {
            await using var command = new NpgsqlCommand(MarkSql, connection)
            {
                Parameters = { new() { Value = relayed, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid } },
            };
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }

        await transaction.CommitAsync(CancellationToken.None);
    }
}
