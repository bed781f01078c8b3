using Microsoft.Extensions.Logging;
using Millrace.Configuration;
using Millrace.Pipeline.Migrations;
using Millrace.Registry;
using Millrace.Registry.Catalog;
using Millrace.Registry.Files;

namespace Millrace.Hosting;

/// <summary>
/// Has the schemas in force before the first event is looked at: 1 the tables are there; 2 the files of the directory are registered; 3 the catalog is read,
/// and kept fresh from then on.
/// </summary>
internal static class SchemaStart
{
    private const string DefaultDirectory = "schemas";

    /// <exception cref="StartException">The directory that was named is not there.</exception>
    /// <exception cref="RegistryException">A file is wrong, or the database cannot be used.</exception>
    public static async Task<SchemaFeed> RunAsync(
        MillraceOptions options, SchemaRegistry registry, string connectionString, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        // 1
        await PipelineDatabase.MigrateAsync(connectionString, loggers, cancellationToken);

        // 2
        if (DirectoryOf(options) is { } directory)
            await new FileImport(registry, $"{Product.CommandName}@{Environment.MachineName}", loggers).RunAsync(directory, cancellationToken);

        // 3
        return await SchemaFeed.StartAsync(new RegistrySettings { ConnectionString = connectionString }, TimeProvider.System, loggers, cancellationToken);
    }

    /// <summary>The directory that was named or, if it is there, the one beside the data.</summary>
    private static string? DirectoryOf(MillraceOptions options)
    {
        if (options.Schemas.Directory is { } named)
        {
            return Directory.Exists(named)
                ? Path.GetFullPath(named)
                : throw new StartException($"The directory of schemas '{Path.GetFullPath(named)}' is not there: make it, or name another with Schemas:Directory.");
        }

        string beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.Data)) ?? Environment.CurrentDirectory, DefaultDirectory);
        return Directory.Exists(beside) ? beside : null;
    }
}
