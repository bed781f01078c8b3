using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Configuration;
using Millrace.Hosting;
using Millrace.Operations;
using Millrace.Registry;
using Millrace.Registry.Catalog;
using Millrace.Schemas.Catalog;

namespace Millrace.Commands.Connections;

/// <summary>
/// What a command about the pipeline's tables needs to be told, and the services over them: those of the running instance, or of the servers that
/// the configuration names, as for <c>run</c>.
/// </summary>
internal static class OperationsConnection
{
    public static void AddTo(Command command)
    {
        foreach (KeyOption option in (KeyOption[])[SharedOptions.Data(), SharedOptions.Kafka(), SharedOptions.Postgres(), SharedOptions.Topic(), SharedOptions.Group()])
            command.Add(option);
    }

    /// <exception cref="CommandFailedException">Nothing is named and nothing runs.</exception>
    public static OperationsServices Open(MillraceOptions options) => Open(options, new Discovery(options), SchemaCatalog.Empty);

    /// <summary>The same for what holds events against the schemas that are in force now.</summary>
    /// <exception cref="CommandFailedException">Nothing is named and nothing runs.</exception>
    /// <exception cref="RegistryException">The schemas cannot be read.</exception>
    public static async Task<OperationsServices> OpenWithSchemasAsync(MillraceOptions options, CancellationToken cancellationToken)
    {
        var discovery = new Discovery(options);
        var registry = new RegistrySettings { ConnectionString = discovery.ConnectionString };
        return Open(options, discovery, await SchemaFeed.ReadOnceAsync(registry, NullLoggerFactory.Instance, cancellationToken));
    }

    private static OperationsServices Open(MillraceOptions options, Discovery discovery, ISchemaSource schemas) => OperationsServices.Open(
        EngineOptions.Operations(options, discovery.BootstrapServers, discovery.ConnectionString, schemas), TimeProvider.System, NullLoggerFactory.Instance);
}
