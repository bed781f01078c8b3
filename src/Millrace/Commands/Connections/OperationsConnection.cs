using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Configuration;
using Millrace.Hosting;
using Millrace.Operations;

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
    public static OperationsServices Open(MillraceOptions options)
    {
        var discovery = new Discovery(options);
        return OperationsServices.Open(
            EngineOptions.Operations(options, discovery.BootstrapServers, discovery.ConnectionString), TimeProvider.System, NullLoggerFactory.Instance);
    }
}
