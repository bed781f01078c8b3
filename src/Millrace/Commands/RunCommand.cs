using System.CommandLine;
using Microsoft.Extensions.Logging;
using Millrace.Commands.Up;
using Millrace.Configuration;
using Millrace.Hosting;
using Millrace.Terminal;
using Npgsql;

namespace Millrace.Commands;

/// <summary>
/// One process of many: pipeline and HTTP against a Kafka and a PostgreSQL that others run. It keeps nothing on disk, so it needs no directory of
/// its own, and the processes of one group share the partitions.
/// </summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Option<OutputFormat> format = FormatOption.Create("json: prints {\"kafka\",\"postgres\",\"app\",\"pid\"} when ready");
        var command = new ExampleCommand(
            "run",
            "Runs pipeline and HTTP against your Kafka and PostgreSQL; several share the partitions. SIGTERM drains and stops it.",
            "millrace run --kafka kafka-1:9092,kafka-2:9092 --postgres \"Host=db;Username=app;Database=events\"",
            "millrace run --kafka localhost:9092 --postgres \"Host=localhost;Username=pipeline_user;Database=pipeline_db\" --ports auto --format json")
        {
            new KeyOption("--kafka", "Kafka:BootstrapServers", "HOST:PORT", "The Kafka cluster (MILLRACE__KAFKA__BOOTSTRAPSERVERS). Required."),
            new KeyOption("--postgres", "Postgres:ConnectionString", "CONNSTR", "The PostgreSQL server (better in the environment: MILLRACE__POSTGRES__CONNECTIONSTRING). Required."),
            SharedOptions.AppPort(),
            new KeyOption("--ports", "Ports", "auto|fixed", "auto: any free port, for several on one machine. [default: fixed]"),
            SharedOptions.Topic(),
            SharedOptions.Partitions(),
            SharedOptions.Group(),
            new KeyOption("--log-level", "Log:Level", "LEVEL", "trace, debug, information, warning or error. [default: information]"),
            format,
        };
        command.SetAction((parsed, _) => RunAsync(SharedOptions.Load(parsed), parsed.GetValue(format)));
        return command;
    }

    private static async Task<int> RunAsync(MillraceOptions options, OutputFormat format)
    {
        (string bootstrapServers, string connectionString) = Require(options);
        int port = PortPlan.ForApp(options);
        var screen = new Screen(mayDraw: false);
        using ILoggerFactory loggers = ScreenLogging.Create(screen, options.LogLevel ?? LogLevel.Information);
        ILogger logger = loggers.CreateLogger("Millrace.Run");
        using var signals = new ShutdownSignals(() => Log.Stopping(logger));

        await using (Application application = await Application.StartAsync(options, bootstrapServers, connectionString, port, loggers, signals.Requested))
        {
            var postgres = new NpgsqlConnectionStringBuilder(connectionString);
            Log.Running(
                logger, Product.Version, options.Kafka.Topic, bootstrapServers, options.Kafka.GroupId,
                $"{postgres.Database} on {postgres.Host}:{postgres.Port}", application.Endpoints.App, Environment.ProcessId);
            if (format == OutputFormat.Json)
                EndpointsReport.Write(Console.Out, application.Endpoints);
            await new StatusLine(screen, application.Pipeline, TimeProvider.System, logger).RunAsync(signals.Requested);
        }

        Log.Stopped(logger);
        return ExitCodes.Success;
    }

    /// <exception cref="OptionsException">Something is not set; all that is missing is named.</exception>
    private static (string BootstrapServers, string ConnectionString) Require(MillraceOptions options)
    {
        var missing = new List<string>();
        if (options.Kafka.BootstrapServers is null)
            missing.Add($"Kafka:BootstrapServers is not set: name your Kafka cluster with --kafka or {OptionsLoader.EnvironmentPrefix}KAFKA__BOOTSTRAPSERVERS; '{Product.CommandName} up' brings its own.");
        if (options.Postgres.ConnectionString is null)
            missing.Add($"Postgres:ConnectionString is not set: name your PostgreSQL server with --postgres or {OptionsLoader.EnvironmentPrefix}POSTGRES__CONNECTIONSTRING; '{Product.CommandName} up' brings its own.");
        return missing.Count == 0 ? (options.Kafka.BootstrapServers!, options.Postgres.ConnectionString!) : throw new OptionsException(missing);
    }
}
