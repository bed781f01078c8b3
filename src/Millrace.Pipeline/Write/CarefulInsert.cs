using Millrace.Events;
using Millrace.Pipeline.DeadLetters;
using Npgsql;

namespace Millrace.Pipeline.Write;

/// <summary>
/// Inserts rows of which the server has refused some: through a staging table, where rows whose id is there already are left out, and by
/// halves when it still refuses, until the rows that it does not take stand alone. Those become dead letters.
/// </summary>
internal sealed class CarefulInsert(NpgsqlConnection connection, NpgsqlTransaction transaction, Batch batch)
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

    /// <summary>Rows that are new in the table.</summary>
    public int Inserted { get; private set; }

    /// <summary>Rows that were left out because their id is there already.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Rows that the server does not take.</summary>
    public IReadOnlyList<DeadLetter> Rejected => _rejected;

    /// <summary>Inserts all rows of the batch.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync(CreateStaging, cancellationToken);
        await InsertAsync(0, batch.Rows.Count, cancellationToken);
    }

    private async Task InsertAsync(int from, int to, CancellationToken cancellationToken)
    {
        await transaction.SaveAsync(Savepoint, cancellationToken);
        try
        {
            await EventCopy.WriteAsync(connection, EventTable.Staging, batch.Rows, from, to, cancellationToken);
            var inserted = await ExecuteAsync(MoveFromStaging, cancellationToken);
            await ExecuteAsync($"TRUNCATE {EventTable.Staging}", cancellationToken);
            await transaction.ReleaseAsync(Savepoint, cancellationToken);
            Inserted += inserted;
            Duplicates += to - from - inserted;
            return;
        }
        catch (PostgresException e) when (SqlStates.IsDataRejection(e))
        {
            await transaction.RollbackAsync(Savepoint, cancellationToken);
            await transaction.ReleaseAsync(Savepoint, cancellationToken);
            if (to - from == 1)
            {
                _rejected.Add(new DeadLetter(batch.RecordOfRow(from), RefusalReason.RejectedByDatabase, $"{e.SqlState}: {e.MessageText}"));
                return;
            }
        }

        var middle = from + ((to - from) / 2);
        await InsertAsync(from, middle, cancellationToken);
        await InsertAsync(middle, to, cancellationToken);
    }

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
