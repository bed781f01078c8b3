using Millrace.Events;
using Millrace.Pipeline.Check;
using Millrace.Pipeline.DeadLetters;
using Millrace.Pipeline.Parking;
using Npgsql;

namespace Millrace.Pipeline.Write;

/// <summary>
/// Inserts rows of which the server has refused some: by one COPY into a staging table, from which rows whose id is there already are left out
/// on the way. 1. When the server refuses a row on that way, <c>pipeline.insert_staged</c> finds it among the staged ones. 2. When it
/// refuses one in the COPY itself, the COPY is halved until that row stands alone. A refused row parks its user or becomes a dead letter.
/// </summary>
/// <remarks>
/// Everything goes from left to right, and nothing of a user behind its refused row is in the table before that row was found. So when it parks
/// its user, the user's later rows are left out of what follows and queue behind it.
/// </remarks>
internal sealed class CarefulInsert(NpgsqlConnection connection, NpgsqlTransaction transaction, Batch batch, ParkedUsers parkedUsers)
{
    // Constraints that were declared deferred would raise at the commit, when no row can be told from another any more. The DELETE is for
    // what an earlier round of the same transaction has staged; there is nothing else.
    private const string Begin =
        $"""
        SET CONSTRAINTS ALL IMMEDIATE;
        CREATE TEMP TABLE IF NOT EXISTS millrace_staging (LIKE {EventTable.Name} INCLUDING DEFAULTS) ON COMMIT DELETE ROWS;
        DELETE FROM {EventTable.Staging};
        SAVEPOINT part
        """;

    // Sorted by id, so that two partitions that carry the same ids wait for each other and do not deadlock. Of two rows of this batch with
    // the same id the earlier one stays.
    private const string MoveFromStaging =
        $"""
        INSERT INTO {EventTable.Name} ({EventRows.Columns})
        SELECT {EventRows.Columns} FROM {EventTable.Staging} ORDER BY event_id, kafka_offset
        ON CONFLICT (event_id) DO NOTHING
        """;

    private const string MoveInBlocks =
        "CREATE INDEX IF NOT EXISTS millrace_staging_offset ON pg_temp.millrace_staging (kafka_offset); SELECT * FROM pipeline.insert_staged()";

    private readonly List<DeadLetter> _rejected = [];
    private readonly List<ParkedEvent> _parked = [];
    private readonly bool[] _leftOut = new bool[batch.Rows.Count];

    /// <summary>Rows that are new in the table.</summary>
    public int Inserted { get; private set; }

    /// <summary>Rows that were left out because their id is there already.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Rows that the server does not take.</summary>
    public IReadOnlyList<DeadLetter> Rejected => _rejected;

    /// <summary>Rows that the server does not take for now, and those of the same users behind them; each user's in order.</summary>
    public IReadOnlyList<ParkedEvent> Parked => _parked;

    /// <summary>How many times rows were sent.</summary>
    public int Copies { get; private set; }

    /// <summary>Inserts all rows of the batch.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (batch.Rows.Count == 0)
            return;
        await ExecuteAsync(Begin, cancellationToken);
        await StageAsync(0, batch.Rows.Count, knownBad: false, cancellationToken);
    }

    /// <summary>Stages and inserts the rows of a range; <paramref name="knownBad"/>: a COPY of all of them would be refused.</summary>
    private async Task StageAsync(int from, int to, bool knownBad, CancellationToken cancellationToken)
    {
        LeaveOutParked(from, to);
        var count = to - from - _leftOut.AsSpan(from, to - from).Count(true);
        if (count == 0 || ((count == 1 || !knownBad) && await TryStageAsync(from, to, count, cancellationToken)))
            return;

        // What is refused and is not in the left half is in the right one, which need not be sent as a whole to know.
        var middle = from + ((to - from) / 2);
        var rejected = _rejected.Count + _parked.Count;
        await StageAsync(from, middle, knownBad: false, cancellationToken);
        await StageAsync(middle, to, knownBad: _rejected.Count + _parked.Count == rejected, cancellationToken);
    }

    /// <summary>False when the COPY was refused and there is more than one row that can be to blame.</summary>
    private async Task<bool> TryStageAsync(int from, int to, int count, CancellationToken cancellationToken)
    {
        try
        {
            Copies++;
            await EventCopy.WriteAsync(connection, EventTable.Staging, batch.Rows, from, to, _leftOut, cancellationToken);
        }
        catch (PostgresException e) when (SqlStates.IsDataRejection(e))
        {
            await ExecuteAsync("ROLLBACK TO part", cancellationToken);
            if (count == 1)
                Refuse(from + _leftOut.AsSpan(from, to - from).IndexOf(false), e.SqlState, e.MessageText);
            return count == 1;
        }

        await MoveAsync(count, cancellationToken);
        return true;
    }

    private async Task MoveAsync(int count, CancellationToken cancellationToken)
    {
        int inserted;
        var refused = 0;
        try
        {
            await ExecuteAsync("SAVEPOINT move", cancellationToken);
            inserted = await ExecuteAsync(MoveFromStaging, cancellationToken);
        }
        catch (PostgresException e) when (SqlStates.IsDataRejection(e))
        {
            await ExecuteAsync("ROLLBACK TO move", cancellationToken);
            (inserted, refused) = await MoveInBlocksAsync(cancellationToken);
        }

        Inserted += inserted;
        Duplicates += count - inserted - refused;
        if (Inserted + Duplicates + _rejected.Count + _parked.Count < batch.Rows.Count)
            await ExecuteAsync($"DELETE FROM {EventTable.Staging}; RELEASE part; SAVEPOINT part", cancellationToken);
    }

    private async Task<(int Inserted, int Refused)> MoveInBlocksAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(MoveInBlocks, connection, transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var offsets = reader.GetFieldValue<long[]>(1);
        var states = reader.GetFieldValue<string[]>(2);
        var messages = reader.GetFieldValue<string[]>(3);
        var behind = reader.GetFieldValue<long[]>(4);
        for (var i = 0; i < offsets.Length; i++)
            Refuse(FindRow(offsets[i]), states[i], messages[i]);
        foreach (var offset in behind)
            Park(FindRow(offset), failure: null);
        return (reader.GetInt32(0), offsets.Length + behind.Length);
    }

    /// <summary>The row of an offset: rows stand in the order of their offsets.</summary>
    private int FindRow(long offset)
    {
        int low = 0, high = batch.Rows.Count - 1;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (batch.Records[batch.RecordOfRow(middle)].Offset < offset)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>The user's alone is what a constraint or a trigger of the table's owner says no to: that may change, and the row may then pass.</summary>
    private void Refuse(int row, string sqlState, string message)
    {
        var failure = new EventFailure(RefusalReason.RejectedByDatabase, $"{sqlState}: {message}");
        if (SqlStates.IsRuleOfTheTable(sqlState) && batch.Rows.HasUser(row))
        {
            Park(row, failure);
            return;
        }

        _leftOut[row] = true;
        _rejected.Add(new DeadLetter(batch.RecordOfRow(row), failure.Reason, failure.Detail));
    }

    /// <summary>Rows of users that were parked since: none was parked when the batch was checked, or it would be no row.</summary>
    private void LeaveOutParked(int from, int to)
    {
        if (_parked.Count == 0)
            return;
        for (var row = from; row < to; row++)
        {
            if (!_leftOut[row] && batch.Rows.HasUser(row) && parkedUsers.Contains(batch.Rows.User(row)))
                Park(row, failure: null);
        }
    }

    private void Park(int row, EventFailure? failure)
    {
        _leftOut[row] = true;
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
