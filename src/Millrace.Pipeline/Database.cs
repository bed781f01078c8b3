using Npgsql;

namespace Millrace.Pipeline;

/// <summary>The pipeline's connections to PostgreSQL.</summary>
internal static class Database
{
    // A transaction of 10,000 rows takes well under a second; one that takes a minute waits for a lock or for a server that is gone.
    private const int CommandTimeoutSeconds = 60;

    /// <exception cref="PipelineStartException">The connection string is not one.</exception>
    public static NpgsqlDataSource Open(string connectionString)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = ConnectionStrings.Parse(connectionString);
        }
        catch (FormatException e)
        {
            throw new PipelineStartException(e.Message, e);
        }

        if (!settings.ContainsKey("Command Timeout"))
            settings.CommandTimeout = CommandTimeoutSeconds;

        // A flush is the same few statements over and over. A connection pooler that cannot keep prepared statements: Max Auto Prepare=0.
        if (!settings.ContainsKey("Max Auto Prepare"))
            settings.MaxAutoPrepare = 16;
        settings.ApplicationName ??= "millrace";
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }
}
