using Microsoft.Extensions.Logging;
using Millrace.Broker;
using Millrace.Configuration;
using Millrace.LocalPostgres;

namespace Millrace.Hosting;

/// <summary>
/// One running Millrace: everything that <c>up</c> starts.
/// <para>A start is these steps: 1 hold the data directory; 2 choose the ports; 3 broker and PostgreSQL, at the same time;
/// 4 the application; 5 say where it all is in <c>endpoints.json</c>.</para>
/// <para>A stop goes back: the file is removed, the application drains, then the broker and PostgreSQL go.</para>
/// </summary>
internal sealed class Instance : IAsyncDisposable
{
    private readonly StartedParts _parts;

    private Instance(
        StartedParts parts, DataDirectory data, Application application, EmbeddedBroker? broker, LocalPostgresServer? postgres)
    {
        _parts = parts;
        DataDirectory = data;
        Application = application;
        Broker = broker;
        Postgres = postgres;
    }

    public DataDirectory DataDirectory { get; }

    public Application Application { get; }

    /// <summary>The embedded broker; null when a Kafka cluster is used.</summary>
    public EmbeddedBroker? Broker { get; }

    /// <summary>The local server; null when another one is used.</summary>
    public LocalPostgresServer? Postgres { get; }

    /// <exception cref="StartException">It cannot start. What had been started is stopped again.</exception>
    public static Task<Instance> StartAsync(MillraceOptions options, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        StartedParts.StartAsync(parts => StartAsync(options, parts, loggers, cancellationToken));

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    private static async Task<Instance> StartAsync(
        MillraceOptions options, StartedParts parts, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        // 1
        var data = DataDirectory.Open(options.Data);
        parts.Add(new OnStop(data.Dispose));

        // 2
        RememberedPorts remembered = RememberedPorts.Read(data.Path);
        PortPlan ports = PortPlan.Make(options, remembered);

        // 3. PostgreSQL first on the stack, so that it is the last to stop.
        Task<LocalPostgresServer?> startingPostgres = StartPostgresAsync(options, data, ports, loggers, cancellationToken);
        Task<EmbeddedBroker?> startingBroker = StartBrokerAsync(options, data, ports, loggers, cancellationToken);
        Task both = Task.WhenAll(startingPostgres, startingBroker);
        await both.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        LocalPostgresServer? postgres = startingPostgres.IsCompletedSuccessfully ? await startingPostgres : null;
        EmbeddedBroker? broker = startingBroker.IsCompletedSuccessfully ? await startingBroker : null;
        if (postgres is not null)
            parts.Add(postgres);
        if (broker is not null)
            parts.Add(broker);
        if (both.Exception is { } failed)
            throw failed;
        await both;

        // 4
        string bootstrapServers = options.Kafka.BootstrapServers ?? broker!.BootstrapServers;
        string connectionString = options.Postgres.ConnectionString ?? postgres!.ConnectionString;
        Application application = parts.Add(
            await Application.StartAsync(options, bootstrapServers, connectionString, ports.App, loggers, cancellationToken));

        // 5
        new RememberedPorts(broker?.Endpoint.Port ?? remembered.Kafka, postgres?.Port ?? remembered.Postgres, ports.App).Write(data.Path);
        application.Endpoints.Write(data.Path);
        parts.Add(new OnStop(() => Endpoints.Remove(data.Path)));
        return new Instance(parts, data, application, broker, postgres);
    }

    private static async Task<LocalPostgresServer?> StartPostgresAsync(
        MillraceOptions options, DataDirectory data, PortPlan ports, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (options.Postgres.ConnectionString is not null)
            return null;
        var local = new LocalPostgresOptions
        {
            Directory = data.Postgres,
            Port = ports.Postgres,
            NextFreePort = ports.PostgresMayMove,
            BinaryDirectory = options.Postgres.BinaryDirectory,
        };
        return await LocalPostgresServer.StartAsync(local, loggers, cancellationToken);
    }

    private static async Task<EmbeddedBroker?> StartBrokerAsync(
        MillraceOptions options, DataDirectory data, PortPlan ports, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (options.Kafka.BootstrapServers is not null)
            return null;
        // Both loopbacks, so that whatever "localhost" means to a client finds it; the address that clients are sent on to
        // is the one that every machine has.
        var broker = new BrokerOptions
        {
            DataDirectory = data.Broker,
            Host = "localhost",
            AdvertisedHost = "127.0.0.1",
            Port = ports.Kafka,

            // A producer that waits for the broker to come up creates the topic before the pipeline does: it must get as many.
            DefaultPartitions = options.Kafka.Partitions,
        };
        foreach ((string name, string value) in options.Broker)
            broker.Settings[name] = value;
        return await EmbeddedBroker.StartAsync(broker, loggers, cancellationToken);
    }

    /// <summary>A step of the stop that is not a part of its own.</summary>
    private sealed class OnStop(Action action) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            action();
            return ValueTask.CompletedTask;
        }
    }
}
