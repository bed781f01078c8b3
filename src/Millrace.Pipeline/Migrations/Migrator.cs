using DbUp;
using DbUp.Engine.Output;
using DbUp.Postgresql;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Millrace.Pipeline.Migrations;

/// <summary>Brings schema <c>pipeline</c> to the version of this build, once, however many processes start at the same time.</summary>
internal static class Migrator
{
    // "millrace" in ASCII: any number will do as long as nothing else in the database locks it.
    private const long AdvisoryLock = 0x6D696C6C72616365;

    /// <exception cref="PipelineStartException">The database cannot be reached, is not UTF-8, or was migrated by a newer version.</exception>
    public static async Task MigrateAsync(NpgsqlDataSource database, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            // The lock belongs to this session, so it is gone when the process dies half way.
            await using var session = await database.OpenConnectionAsync(cancellationToken);
            await RequireUtf8Async(session, cancellationToken);
            await ExecuteAsync(session, $"SELECT pg_advisory_lock({AdvisoryLock})", cancellationToken);
            await ExecuteAsync(session, "CREATE SCHEMA IF NOT EXISTS pipeline", cancellationToken);
            Upgrade(database, logger);
            await ExecuteAsync(session, $"SELECT pg_advisory_unlock({AdvisoryLock})", cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw new PipelineStartException($"The database cannot be used: {e.InnermostMessage()}", e);
        }
    }

    private static void Upgrade(NpgsqlDataSource database, ILogger logger)
    {
        var engine = DeployChanges.To
            .PostgresqlDatabase(new PostgresqlConnectionManager(database))
            .JournalToPostgresqlTable("pipeline", "schema_versions")
            .WithScriptsEmbeddedInAssembly(typeof(Migrator).Assembly, name => name.EndsWith(".sql", StringComparison.Ordinal))
            .WithVariablesDisabled()
            .WithTransactionPerScript()
            .LogTo(new DbUpLog(logger))
            .Build();

        var known = engine.GetDiscoveredScripts().Select(script => script.Name).ToHashSet(StringComparer.Ordinal);
        var unknown = engine.GetExecutedScripts().Where(name => !known.Contains(name)).Order(StringComparer.Ordinal).LastOrDefault();
        if (unknown is not null)
            throw new PipelineStartException(
                $"The database was migrated by a newer version of Millrace (it has {unknown}, which this version does not know): start that version, or use another database.");

        var result = engine.PerformUpgrade();
        if (!result.Successful)
            throw new PipelineStartException($"Migration {result.ErrorScript?.Name ?? "journal"} failed: {result.Error.InnermostMessage()}", result.Error);
        foreach (var script in result.Scripts)
            logger.MigrationApplied(script.Name);
    }

    private static async Task RequireUtf8Async(NpgsqlConnection session, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SHOW server_encoding", session);
        var encoding = (string?)await command.ExecuteScalarAsync(cancellationToken);
        if (encoding != "UTF8")
            throw new PipelineStartException($"The database has encoding {encoding}, but events need UTF8: use a database that was created with ENCODING 'UTF8'.");
    }

    private static async Task ExecuteAsync(NpgsqlConnection session, string sql, CancellationToken cancellationToken)
    {
        // Another process may be migrating for minutes: waiting for it is not a fault.
        await using var command = new NpgsqlCommand(sql, session) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>DbUp's own narration, for whoever turns Debug on.</summary>
    private sealed class DbUpLog(ILogger logger) : IUpgradeLog
    {
        public void LogTrace(string format, params object[] args) => logger.MigrationStep(Format(format, args));

        public void LogDebug(string format, params object[] args) => logger.MigrationStep(Format(format, args));

        public void LogInformation(string format, params object[] args) => logger.MigrationStep(Format(format, args));

        public void LogWarning(string format, params object[] args) => logger.MigrationStep(Format(format, args));

        public void LogError(string format, params object[] args) => logger.MigrationStep(Format(format, args));

        public void LogError(Exception ex, string format, params object[] args) => logger.MigrationStep(Format(format, args));

        private static string Format(string format, object[] args) => args.Length == 0 ? format : string.Format(format, args);
    }
}
