using System.CommandLine;
using Millrace.Configuration;
using Millrace.Registry;

namespace Millrace.Commands.Connections;

/// <summary>What a command about registered schemas needs to be told, and the registry: that of the running instance, or of the server that the configuration names.</summary>
internal static class RegistryConnection
{
    public static void AddTo(Command command)
    {
        command.Add(SharedOptions.Data());
        command.Add(SharedOptions.Postgres());
    }

    /// <exception cref="CommandFailedException">Nothing is named and nothing runs.</exception>
    public static SchemaRegistry Open(MillraceOptions options) => SchemaRegistry.Open(new RegistrySettings { ConnectionString = new Discovery(options).ConnectionString }, TimeProvider.System);
}
