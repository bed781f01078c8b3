using System.CommandLine;
using System.Net;
using Microsoft.Extensions.Logging;
using Millrace.Broker;
using Millrace.Hosting;
using Millrace.LocalPostgres;
using Millrace.Terminal;

namespace Millrace.Commands.Chaos;

/// <summary>What <c>chaos</c> runs in processes of their own, to kill them. Not for people: they are hidden.</summary>
internal static class HostCommands
{
    /// <summary>A broker alone in a process, to be killed without anything else. Ends with its input.</summary>
    public static Command CreateBroker()
    {
        var data = new Option<string>("--data") { Required = true };
        var address = new Option<string>("--address") { Required = true };
        var port = new Option<int>("--port") { Required = true };
        var partitions = new Option<int>("--partitions") { Required = true };
        var command = new Command("host-broker") { data, address, port, partitions };
        command.Hidden = true;
        command.SetAction(async (parsed, _) =>
        {
            using ILoggerFactory loggers = ScreenLogging.Create(new Screen(), LogLevel.Information);
            var options = new BrokerOptions
            {
                DataDirectory = parsed.GetValue(data)!,
                Host = parsed.GetValue(address)!,
                AdvertisedHost = $"{IPAddress.Loopback}",
                Port = parsed.GetValue(port),
                DefaultPartitions = parsed.GetValue(partitions),
            };
            await using EmbeddedBroker broker = await StartedParts.StartAsync(_ => EmbeddedBroker.StartAsync(options, loggers, CancellationToken.None));
            await ServeUntilInputEndsAsync(broker.BootstrapServers);
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>A PostgreSQL and what starts it again when it dies. Its first line is how to connect: as the pipeline, and after a tab as superuser. Ends with its input.</summary>
    public static Command CreatePostgres()
    {
        var data = new Option<string>("--data") { Required = true };
        var port = new Option<int>("--port") { Required = true };
        var command = new Command("host-postgres") { data, port };
        command.Hidden = true;
        command.SetAction(async (parsed, _) =>
        {
            using ILoggerFactory loggers = ScreenLogging.Create(new Screen(), LogLevel.Information);
            var options = new LocalPostgresOptions { Directory = parsed.GetValue(data)!, Port = parsed.GetValue(port) };
            await using LocalPostgresServer server = await StartedParts.StartAsync(_ => LocalPostgresServer.StartAsync(options, loggers, CancellationToken.None));
            await ServeUntilInputEndsAsync($"{server.ConnectionString}\t{server.AdminConnectionString}");
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task ServeUntilInputEndsAsync(string readyLine)
    {
        // What is signalled is meant for the run, which closes the input when it is done with us.
        using var signals = new ShutdownSignals(() => { });
        await Console.Out.WriteLineAsync(readyLine);
        await Console.In.ReadToEndAsync(CancellationToken.None);
    }
}
