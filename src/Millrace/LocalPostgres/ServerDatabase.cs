using Npgsql;

namespace Millrace.LocalPostgres;

/// <summary>The user and the database of the pipeline, made once.</summary>
internal static class ServerDatabase
{
    public static async Task EnsureAsync(string adminConnectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(adminConnectionString);
        await connection.OpenAsync(cancellationToken);
        if (!await ExistsAsync(connection, "SELECT 1 FROM pg_roles WHERE rolname = $1", LocalPostgresServer.UserName, cancellationToken))
            await RunAsync(connection, $"CREATE ROLE {LocalPostgresServer.UserName} LOGIN", cancellationToken);
        if (!await ExistsAsync(connection, "SELECT 1 FROM pg_database WHERE datname = $1", LocalPostgresServer.DatabaseName, cancellationToken))
            await RunAsync(connection, $"CREATE DATABASE {LocalPostgresServer.DatabaseName} OWNER {LocalPostgresServer.UserName}", cancellationToken);
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string sql, string name, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = name } } };
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
