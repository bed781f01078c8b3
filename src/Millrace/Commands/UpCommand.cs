using System.CommandLine;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Millrace.Commands.Up;
using Millrace.Configuration;
using Millrace.Hosting;
using Millrace.Terminal;

namespace Millrace.Commands;

/// <summary>Starts everything, shows where it is and how it goes, stops everything it started.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        Option<OutputFormat> format = FormatOption.Create("json: prints {\"kafka\",\"postgres\",\"app\",\"pid\"} when ready");
        var command = new ExampleCommand(
            "up",
            "Starts broker, PostgreSQL, pipeline and HTTP; Ctrl+C drains and stops them.",
            "millrace up",
            "millrace up --data /var/lib/millrace --ports auto",
            "millrace up --kafka kafka-1:9092,kafka-2:9092 --postgres \"Host=db;Username=app;Database=events\"")
        {
            SharedOptions.Data(),
            new KeyOption("--ports", "Ports", "auto|fixed", "auto: free ports for all that is not given, the same ones at the next start where still free. [default: fixed]"),
            new KeyOption("--kafka-port", "Kafka:Port", "PORT", "The embedded broker's port. [default: 9092]"),
            new KeyOption("--postgres-port", "Postgres:Port", "PORT", "The local PostgreSQL's port. [default: 5432 or the next free one]"),
            SharedOptions.AppPort(),
            new KeyOption("--kafka", "Kafka:BootstrapServers", "HOST:PORT", "A Kafka cluster instead of the embedded broker."),
            new KeyOption("--postgres", "Postgres:ConnectionString", "CONNSTR", "A PostgreSQL server instead of a local one (better in the environment: MILLRACE__POSTGRES__CONNECTIONSTRING)."),
            SharedOptions.Topic(),
            SharedOptions.Partitions(),
            SharedOptions.Group(),
            new KeyOption("--log-level", "Log:Level", "LEVEL", "trace, debug, information, warning or error. [default: information, on a terminal warning]"),
            format,
        };
        command.SetAction((parsed, _) => RunAsync(SharedOptions.Load(parsed), parsed.GetValue(format)));
        return command;
    }

    private static async Task<int> RunAsync(MillraceOptions options, OutputFormat format)
    {
        long start = Stopwatch.GetTimestamp();
        var screen = new Screen();
        using ILoggerFactory loggers = ScreenLogging.Create(screen, options.LogLevel ?? (screen.IsTerminal ? LogLevel.Warning : LogLevel.Information));
        using var signals = new ShutdownSignals(() => screen.WriteLine("Stopping: what is under way is finished first. Ctrl+C again ends at once."));

        screen.SetStatus("Starting…");
        Instance instance;
        try
        {
            instance = await Instance.StartAsync(options, loggers, signals.Requested);
        }
        finally
        {
            screen.SetStatus(null);
        }

        await using (instance)
        {
            StartScreen.Write(screen, options, instance, Stopwatch.GetElapsedTime(start));
            if (format == OutputFormat.Json)
                EndpointsReport.Write(Console.Out, instance.Application.Endpoints);
            await new StatusLine(screen, instance.Application.Pipeline, TimeProvider.System, loggers.CreateLogger("Millrace.Up")).RunAsync(signals.Requested);
        }

        screen.WriteLine($"Stopped. The data is in {instance.DataDirectory.Path}");
        return ExitCodes.Success;
    }
}
