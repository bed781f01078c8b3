using Microsoft.Extensions.Logging;

namespace Millrace.Pipeline.Migrations;

/// <summary>The pipeline's database, for what reads or writes its tables before the pipeline itself starts.</summary>
public static class PipelineDatabase
{
    /// <summary>Brings schema <c>pipeline</c> to the version of this build. The pipeline does the same at its start; doing it twice costs a look.</summary>
    /// <exception cref="PipelineStartException">The database cannot be used; the message is one sentence for the user.</exception>
    public static async Task MigrateAsync(string connectionString, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        await using var database = Database.Open(connectionString);
        await Migrator.MigrateAsync(database, loggers.CreateLogger<EventPipeline>(), cancellationToken);
    }
}
