using Npgsql;
using NpgsqlTypes;

namespace Millrace.Operations;

/// <summary>Writes <c>pipeline.operations</c>: who did what, when, to what, with which result.</summary>
internal static class OperationsLog
{
    private const string InsertSql =
        "INSERT INTO pipeline.operations (operation_id, actor, action, target, details, outcome) VALUES ($1, $2, $3, $4, $5, $6)";

    private const string FinishSql = "UPDATE pipeline.operations SET details = details || $2, outcome = $3 WHERE operation_id = $1";

    /// <summary>Notes an operation, in the transaction of the connection when it has one; returns its id.</summary>
    /// <param name="details">A JSON object.</param>
    public static async Task<Guid> AddAsync(
        NpgsqlConnection connection, string actor, string action, string target, string details, string outcome, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        await using var command = new NpgsqlCommand(InsertSql, connection)
        {
            Parameters =
            {
                new() { Value = id },
                new() { Value = actor },
                new() { Value = action },
                new() { Value = target },
                new() { Value = details, NpgsqlDbType = NpgsqlDbType.Jsonb },
                new() { Value = outcome },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
        return id;
    }

    /// <summary>Says how an operation that takes a while ended: its details are added to those that it began with.</summary>
    public static async Task FinishAsync(NpgsqlDataSource database, Guid id, string details, string outcome, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(FinishSql);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = details, NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = outcome });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
