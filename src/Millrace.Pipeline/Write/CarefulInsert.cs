using Millrace.Events;
using Millrace.Pipeline.Check;
using Millrace.Pipeline.DeadLetters;
using Millrace.Pipeline.Parking;
using Npgsql;

namespace Millrace.Pipeline.Write;

/// <summary>
/// Inserts rows of which the server has refused some: through a staging table, where rows whose id is there already are left out, and by
/// halves when it still refuses, until the rows that it does not take stand alone. Those park their user or become dead letters.
/// </summary>
/// <remarks>
/// The halves are taken from left to right, and nothing behind a refused row is in the table before that row was found. So when it parks its user,
/// the user's later rows have not been inserted yet: they are left out of what follows and queue behind it.
/// </remarks>
internal sealed class CarefulInsert(NpgsqlConnection connection, NpgsqlTransaction transaction, Batch batch, ParkedUsers parkedUsers)
{
    private const string CreateStaging =
        $"CREATE TEMP TABLE IF NOT EXISTS millrace_staging (LIKE {EventTable.Name} INCLUDING DEFAULTS) ON COMMIT DELETE ROWS";

    // Sorted by id, so that two partitions that carry the same ids wait for each other and do not deadlock. Of two rows of this batch with
    // the same id the earlier one stays.
    private const string MoveFromStaging =
        $"""
        INSERT INTO {EventTable.Name} ({EventRows.Columns})
        SELECT {EventRows.Columns} FROM {EventTable.Staging} ORDER BY event_id, kafka_offset
        ON CONFLICT (event_id) DO NOTHING
        """;

    private const string Savepoint = "part";

    private readonly List<DeadLetter> _rejected = [];
    private readonly List<ParkedEvent> _parked = [];
    private readonly bool[] _leftOut = new bool[batch.Rows.Count];

    /// <summary>Rows that are new in the table.</summary>
    public int Inserted { get; private set; }

    /// <summary>Rows that were left out because their id is there already.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Rows that the server does not take.</summary>
    public IReadOnlyList<DeadLetter> Rejected => _rejected;

    /// <summary>Rows that the server does not take for now, and those of the same users behind them.</summary>
    public IReadOnlyList<ParkedEvent> Parked => _parked;

    /// <summary>How many times rows were sent.</summary>
    public int Copies { get; private set; }

    /// <summary>Inserts all rows of the batch.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Constraints that were declared deferred would raise at the commit, when no row can be told from another any more.
        await ExecuteAsync($"SET CONSTRAINTS ALL IMMEDIATE; {CreateStaging}; DELETE FROM {EventTable.Staging}", cancellationToken);
        await InsertAsync(0, batch.Rows.Count, cancellationToken);
    }

    private async Task InsertAsync(int from, int to, CancellationToken cancellationToken)
    {
        LeaveOutParked(from, to);
        var count = to - from - _leftOut.AsSpan(from, to - from).Count(true);
        if (count == 0)
            return;
        await transaction.SaveAsync(Savepoint, cancellationToken);
        try
        {
            Copies++;
            await EventCopy.WriteAsync(connection, EventTable.Staging, batch.Rows, from, to, _leftOut, cancellationToken);
            var inserted = await ExecuteAsync(MoveFromStaging, cancellationToken);
            if (to < batch.Rows.Count)
                await ExecuteAsync($"TRUNCATE {EventTable.Staging}", cancellationToken);
            await transaction.ReleaseAsync(Savepoint, cancellationToken);
            Inserted += inserted;
            Duplicates += count - inserted;
            return;
        }
        catch (PostgresException e) when (SqlStates.IsDataRejection(e))
        {
            await transaction.RollbackAsync(Savepoint, cancellationToken);
            await transaction.ReleaseAsync(Savepoint, cancellationToken);
            if (count == 1)
            {
                Refuse(from + _leftOut.AsSpan(from, to - from).IndexOf(false), e);
                return;
            }
        }

        var middle = from + ((to - from) / 2);
        await InsertAsync(from, middle, cancellationToken);
        await InsertAsync(middle, to, cancellationToken);
    }

    /// <summary>The user's alone is what a constraint or a trigger of the table's owner says no to: that may change, and the row may then pass.</summary>
    private void Refuse(int row, PostgresException e)
    {
        _leftOut[row] = true;
        var failure = new EventFailure(RefusalReason.RejectedByDatabase, $"{e.SqlState}: {e.MessageText}");
        if (SqlStates.IsRuleOfTheTable(e) && batch.Rows.HasUser(row))
            Park(row, failure);
        else
            _rejected.Add(new DeadLetter(batch.RecordOfRow(row), failure.Reason, failure.Detail));
    }

    /// <summary>Rows of users that were parked since: none was parked when the batch was checked, or it would be no row.</summary>
    private void LeaveOutParked(int from, int to)
    {
        if (_parked.Count == 0)
            return;
        for (var row = from; row < to; row++)
        {
            if (_leftOut[row] || !batch.Rows.HasUser(row) || !parkedUsers.Contains(batch.Rows.User(row)))
                continue;
            _leftOut[row] = true;
            Park(row, failure: null);
        }
    }

    private void Park(int row, EventFailure? failure)
    {
        var index = batch.RecordOfRow(row);
        if (!parkedUsers.TryAdd(batch.Rows.User(row)))
        {
            _rejected.Add(new DeadLetter(index, RefusalReason.ParkingFull, RefusalDetail.ParkingFull(failure)));
            return;
        }

        var fields = batch.Rows.Read(row);
        var eventId = fields.Uuid();
        var eventType = fields.Text()!;
        var userId = fields.Text()!;
        fields.Time();
        fields.Int32();
        _parked.Add(new ParkedEvent(index, eventId, eventType, userId, fields.Text(), failure));
    }

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
