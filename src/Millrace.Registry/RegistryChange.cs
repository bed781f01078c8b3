using Npgsql;
using NpgsqlTypes;

namespace Millrace.Registry;

/// <summary>
/// One change of the registry: a transaction that holds the lock of all changes, notes itself in <c>pipeline.operations</c>, and tells every process
/// at its commit. What is not committed leaves nothing.
/// </summary>
internal sealed class RegistryChange : IAsyncDisposable
{
    /// <summary>The channel of NOTIFY. Processes look at the counter too, now and then: a notification reaches only who listens at that moment.</summary>
    public const string Channel = "millrace_schemas";

    private readonly NpgsqlTransaction _transaction;

    private RegistryChange(NpgsqlConnection connection, NpgsqlTransaction transaction, string actor)
    {
        Connection = connection;
        _transaction = transaction;
        Actor = actor;
    }

    public NpgsqlConnection Connection { get; }

    /// <summary>Who makes the change.</summary>
    public string Actor { get; }

    public static async Task<RegistryChange> BeginAsync(NpgsqlDataSource database, string actor, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var command = new NpgsqlCommand("UPDATE pipeline.schema_settings SET change = change + 1", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return new RegistryChange(connection, transaction, actor);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Notes who did what, to what, with which result.</summary>
    /// <param name="action">Such as <c>schema.activate</c>.</param>
    /// <param name="target">Such as <c>order_placed 3</c>.</param>
    /// <param name="details">A JSON object.</param>
    /// <param name="outcome">In words.</param>
    public async Task NoteAsync(string action, string target, string details, string outcome, CancellationToken cancellationToken)
    {
        await using var command = Connection.Command(
            "INSERT INTO pipeline.operations (operation_id, actor, action, target, details, outcome) VALUES ($1, $2, $3, $4, $5, $6)",
            Guid.CreateVersion7(), Actor, action, target, details, outcome);
        command.Parameters[4].NpgsqlDbType = NpgsqlDbType.Jsonb;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<int> ExecuteAsync(string sql, object?[] values, CancellationToken cancellationToken)
    {
        await using var command = Connection.Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync($"NOTIFY {Channel}", [], cancellationToken);
        await _transaction.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
