using Npgsql;

namespace Millrace.Registry;

/// <summary>The connections to PostgreSQL, and what its errors mean to a person.</summary>
internal static class Database
{
    // Looking through a hundred million stored events takes a while; a person who waits can end it.
    private const int CommandTimeoutSeconds = 600;

    /// <exception cref="RegistryException">The connection string is not one.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            settings.ApplicationName ??= "millrace schemas";
            return settings;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException)
        {
            // The library's message can quote the value, which may hold a password.
            throw new RegistryException("The PostgreSQL connection string is not valid: write it like Host=…;Port=…;Username=…;Database=….", false, e);
        }
    }

    /// <exception cref="RegistryException">The connection string is not one.</exception>
    public static NpgsqlDataSource Open(string connectionString)
    {
        var settings = Parse(connectionString);
        if (!settings.ContainsKey("Command Timeout"))
            settings.CommandTimeout = CommandTimeoutSeconds;
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    /// <summary>The library's exception as ours.</summary>
    public static RegistryException Translate(NpgsqlException e) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.InvalidSchemaName } =>
            new RegistryException("The database has no Millrace tables of this version: start the pipeline on it once, which makes them.", false, e),
        PostgresException postgres => new RegistryException($"PostgreSQL refused ({postgres.SqlState}): {postgres.MessageText}.", postgres.IsTransient, e),
        _ => new RegistryException($"PostgreSQL does not answer: {(e.InnerException ?? e).Message.TrimEnd('.')}.", true, e),
    };

    /// <summary>Runs a read on a connection of its own.</summary>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public static async Task<T> ReadAsync<T>(
        this NpgsqlDataSource database, Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            return await read(connection);
        }
        catch (NpgsqlException e)
        {
            throw Translate(e);
        }
    }

    /// <summary>A command with its parameters by position.</summary>
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }
}
