using Millrace.Pipeline;
using Npgsql;

namespace Millrace.Operations;

/// <summary>The connections to PostgreSQL, and what its errors mean to a person.</summary>
internal static class Database
{
    // Listing or verifying a hundred million rows takes a while; a person who waits can end it.
    private const int CommandTimeoutSeconds = 600;

    /// <exception cref="OperationsException">The connection string is not one.</exception>
    public static NpgsqlDataSource Open(string connectionString)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = ConnectionStrings.Parse(connectionString);
        }
        catch (FormatException e)
        {
            throw new OperationsException(e.Message, false, e);
        }

        if (!settings.ContainsKey("Command Timeout"))
            settings.CommandTimeout = CommandTimeoutSeconds;
        settings.ApplicationName ??= "millrace operations";
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    /// <summary>The library's exception as ours.</summary>
    public static OperationsException Translate(NpgsqlException e) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.InvalidSchemaName } =>
            new OperationsException("The database has no Millrace tables of this version: start the pipeline on it once, which makes them.", false, e),
        PostgresException postgres => new OperationsException($"PostgreSQL refused ({postgres.SqlState}): {postgres.MessageText}.", postgres.IsTransient, e),
        _ => new OperationsException($"PostgreSQL does not answer: {(e.InnerException ?? e).Message}.", true, e),
    };
}
