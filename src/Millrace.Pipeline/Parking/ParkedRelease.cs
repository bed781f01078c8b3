using System.Text;
using Millrace.Events;
using Millrace.Pipeline.Check;
using Millrace.Pipeline.DeadLetters;
using Millrace.Pipeline.Read;
using Millrace.Pipeline.Write;
using Npgsql;

namespace Millrace.Pipeline.Parking;

/// <summary>
/// An attempt at the queue of one parked user, in one transaction: its events go into the table in their order, up to the first one that fails.
/// </summary>
/// <remarks>
/// Only the owner of the partition does this: the transaction locks the position's row and goes no further unless the epoch is its own, so of two
/// processes that believe they own the partition one waits, and then finds out. It reads everything anew and so may be repeated at will.
/// </remarks>
internal sealed class ParkedRelease(PartitionKey key, long epoch, RecordCheck check, ParkedUsers users, ParkingOptions options, TimeProvider time)
{
    // An event may have 1 MiB: bounds what is in memory at a time.
    private const int PageSize = 32;

    private const string OwnSql =
        "SELECT epoch = $4 FROM pipeline.consumer_positions WHERE group_id = $1 AND topic = $2 AND partition = $3 FOR UPDATE";

    private const string AttemptsSql =
        """
        SELECT u.attempts, (SELECT count(*)::int FROM pipeline.parked_events e
                             WHERE e.group_id = $1 AND e.topic = $2 AND e.partition = $3 AND e.user_id = $4)
          FROM pipeline.parked_users u WHERE u.group_id = $1 AND u.topic = $2 AND u.partition = $3 AND u.user_id = $4
        """;

    private const string PageSql =
        """
        SELECT kafka_offset, event_id, record_timestamp, record_key, record_value, record_headers::text
          FROM pipeline.parked_events WHERE group_id = $1 AND topic = $2 AND partition = $3 AND user_id = $4
         ORDER BY kafka_offset LIMIT $5
        """;

    // The page is parked already: whom it holds up is only noted here.
    private static readonly ParkingOptions Unlimited = new() { MaxEvents = int.MaxValue, MaxEventsPerUser = int.MaxValue };

    private readonly DerivedEventIds _ids = EventIds.ForPartition(key.Topic, key.Partition);
    private readonly Batch _batch = new();
    private readonly List<Guid> _eventIds = [];

    /// <summary>
    /// 1. Make sure that the partition is ours. 2. Take events from the head of the queue and insert them up to the first that fails. 3. Say how
    /// each ended and take it out of the queue. 4. A failure ends it: the first event of the queue is tried again later, or becomes a dead letter
    /// after its last attempt, and the queue goes on. Until nothing is left.
    /// </summary>
    public async ValueTask<FlushResult> RunAsync(NpgsqlConnection connection, byte[] userBytes, CancellationToken cancellationToken)
    {
        var user = Encoding.UTF8.GetString(userBytes);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await IsOursAsync(connection, cancellationToken))
            return FlushResult.Fenced;
        var (attempts, waiting) = await ReadUserAsync(connection, user, cancellationToken);
        var result = new FlushResult(FlushOutcome.Committed, 0, 0, 0, 0);
        TimeSpan? delay = null;
        while (delay is null && waiting > 0 && await ReadPageAsync(connection, user, cancellationToken))
        {
            var (page, failed, failure) = await InsertAsync(connection, transaction, cancellationToken);
            List<DeadLetter> dead = [.. page.Dead.Where(letter => letter.Index < failed)];
            var done = failed;
            if (failure is not null)
            {
                attempts = failed == 0 ? attempts + 1 : 1;
                if (attempts <= options.RetryDelays.Length)
                {
                    delay = options.RetryDelays[attempts - 1];
                }
                else
                {
                    dead.Add(new DeadLetter(failed, RefusalReason.RetriesExhausted, $"After {attempts} attempts: {failure.Detail}"));
                    done++;
                }
            }

            // Whatever comes next in the queue has not been tried as its first.
            if (done > 0)
                attempts = delay is null ? 0 : attempts;
            await WriteAsync(connection, dead, done, delay is { } wait ? ParkedTables.Postpone(key, user, failure!, attempts, wait) : null, cancellationToken);
            result = result with
            {
                Inserted = result.Inserted + page.Inserted,
                Duplicates = result.Duplicates + page.Duplicates,
                Dead = result.Dead + dead.Count,
            };
            waiting -= done;
        }

        await CommitAsync(connection, delay is null ? ParkedTables.RemoveUser(key, user) : null, cancellationToken);
        users.Set(userBytes, delay is null ? 0 : waiting, delay ?? TimeSpan.Zero);
        return result;
    }

    private async Task<bool> IsOursAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(OwnSql, connection);
        ParkedTables.AddKey(command.Parameters, key);
        command.Parameters.AddWithValue(epoch);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task<(int Attempts, int Waiting)> ReadUserAsync(NpgsqlConnection connection, string user, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(AttemptsSql, connection);
        ParkedTables.AddKey(command.Parameters, key);
        command.Parameters.AddWithValue(user);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt32(0), reader.GetInt32(1)) : (0, 0);
    }

    /// <summary>Begins the batch with the head of the queue; false when it is empty.</summary>
    private async Task<bool> ReadPageAsync(NpgsqlConnection connection, string user, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(PageSql, connection);
        ParkedTables.AddKey(command.Parameters, key);
        command.Parameters.AddWithValue(user);
        command.Parameters.AddWithValue(PageSize);
        var records = new RecordBuffer();
        _eventIds.Clear();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var recordKey = reader.IsDBNull(3) ? null : reader.GetFieldValue<byte[]>(3);
            records.Add(new Record
            {
                Offset = reader.GetInt64(0),
                TimestampMilliseconds = new DateTimeOffset(reader.GetDateTime(2)).ToUnixTimeMilliseconds(),
                LeaderEpoch = null,
                HasKey = recordKey is not null,
                Key = recordKey,
                HasValue = true,
                Value = reader.GetFieldValue<byte[]>(4),
                Headers = RecordHeaders.FromJson(reader.IsDBNull(5) ? null : reader.GetString(5)),
            });
            _eventIds.Add(reader.GetGuid(1));
        }

        _batch.Begin(records);
        return records.Count > 0;
    }

    /// <summary>Inserts the page up to the first event that fails: its index (the page's size when none did), and how it failed.</summary>
    private async Task<(Page Page, int Failed, EventFailure? Failure)> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var failed = 0;
        EventFailure? failure = null;
        for (; failed < _batch.Records.Count && failure is null; failed++)
            failure = check.AddAgain(failed, _batch.Records[failed], _eventIds[failed], _batch);
        if (failure is not null)
            failed--;

        // All rows are of one user, so the first one that is rejected holds up the rest.
        var careful = new CarefulInsert(connection, transaction, _batch, new ParkedUsers(Unlimited, time));
        await careful.RunAsync(cancellationToken);
        if (careful.Parked.Count > 0)
            (failed, failure) = (careful.Parked[0].Index, careful.Parked[0].Failure);
        return (new Page(careful.Inserted, careful.Duplicates, [.. _batch.Dead, .. careful.Rejected]), failed, failure);
    }

    private async Task WriteAsync(
        NpgsqlConnection connection, List<DeadLetter> dead, int done, NpgsqlBatchCommand? postpone, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (dead.Count > 0)
            batch.BatchCommands.Add(DeadLetterInsert.Create(key.Topic, key.Partition, _ids, _batch.Records, dead));
        if (done > 0)
        {
            var offsets = Enumerable.Range(0, done).Select(i => _batch.Records[i].Offset).ToList();
            var isDead = Enumerable.Range(0, done).Select(i => dead.Exists(letter => letter.Index == i)).ToList();
            foreach (var command in ParkedTables.Release(key, epoch, offsets, _eventIds[..done], isDead))
                batch.BatchCommands.Add(command);
        }

        if (postpone is not null)
            batch.BatchCommands.Add(postpone);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task CommitAsync(NpgsqlConnection connection, NpgsqlBatchCommand? last, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (last is not null)
            batch.BatchCommands.Add(last);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private readonly record struct Page(int Inserted, int Duplicates, IReadOnlyList<DeadLetter> Dead);
}
