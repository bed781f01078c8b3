using Microsoft.Extensions.Logging;
using Millrace.Broker;
using Millrace.Configuration;
using Millrace.LocalPostgres;
using Millrace.Pipeline;
using Millrace.Pipeline.Ingest;

namespace Millrace.Hosting;

/// <summary>
/// One running Millrace: everything that <c>up</c> starts, and the only place that knows all of it.
/// <para>A start is these steps: 1 hold the data directory; 2 choose the ports; 3 broker and PostgreSQL, at the same time;
/// 4 the pipeline; 5 ingest and the HTTP application; wait until events would get through; 6 say where it all is in <c>endpoints.json</c>.</para>
/// <para>A stop goes back: the file is removed, HTTP takes no more events, what ingest has sent is acknowledged, the pipeline drains, then the broker and PostgreSQL go.</para>
/// </summary>
internal sealed class Instance : IAsyncDisposable
{
    /// <summary>A cluster lets a new group wait for 3 s, and may take a while to notice that an earlier member has died.</summary>
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ReadyPoll = TimeSpan.FromMilliseconds(20);

    private readonly StartedParts _parts;

    private Instance(
        StartedParts parts, DataDirectory data, Endpoints endpoints, EventPipeline pipeline, EmbeddedBroker? broker, LocalPostgresServer? postgres)
    {
        _parts = parts;
        DataDirectory = data;
        Endpoints = endpoints;
        Pipeline = pipeline;
        Broker = broker;
        Postgres = postgres;
    }

    public DataDirectory DataDirectory { get; }

    public Endpoints Endpoints { get; }

    public EventPipeline Pipeline { get; }

    /// <summary>The embedded broker; null when a Kafka cluster is used.</summary>
    public EmbeddedBroker? Broker { get; }

    /// <summary>The local server; null when another one is used.</summary>
    public LocalPostgresServer? Postgres { get; }

    /// <exception cref="StartException">It cannot start. What had been started is stopped again.</exception>
    public static async Task<Instance> StartAsync(MillraceOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var parts = new StartedParts();
        try
        {
            return await StartAsync(options, parts, loggers, cancellationToken);
        }
        catch (Exception e)
        {
            await parts.DisposeAsync();
            if (StartFailure.Sentences(e) is { } sentences)
                throw new StartException(sentences, e);
            throw;
        }
    }

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
        var pipelineOptions = new PipelineOptions
        {
            BootstrapServers = bootstrapServers,
            ConnectionString = connectionString,
            Topic = options.Kafka.Topic,
            TopicPartitions = options.Kafka.Partitions,
            GroupId = options.Kafka.GroupId,
        };
        foreach ((string name, string value) in options.Kafka.Settings)
            pipelineOptions.KafkaSettings[name] = value;
        EventPipeline pipeline = parts.Add(await EventPipeline.StartAsync(pipelineOptions, TimeProvider.System, loggers, cancellationToken));

        // 5
        var ingestOptions = new IngestOptions { BootstrapServers = bootstrapServers, Topic = options.Kafka.Topic };
        foreach ((string name, string value) in options.Kafka.Settings)
            ingestOptions.KafkaSettings[name] = value;
        IngestService ingest = parts.Add(IngestService.Start(ingestOptions, TimeProvider.System, loggers));
        parts.Add(await HttpApp.StartAsync(ports.App, pipeline, ingest, loggers, cancellationToken));
        await WaitUntilReadyAsync(pipeline, cancellationToken);

        // 6
        new RememberedPorts(broker?.Endpoint.Port ?? remembered.Kafka, postgres?.Port ?? remembered.Postgres, ports.App).Write(data.Path);
        var endpoints = new Endpoints(
            bootstrapServers, Endpoints.WithoutSecrets(connectionString), $"http://localhost:{ports.App}", Environment.ProcessId);
        endpoints.Write(data.Path);
        parts.Add(new OnStop(() => Endpoints.Remove(data.Path)));
        return new Instance(parts, data, endpoints, pipeline, broker, postgres);
    }

    /// <summary>
    /// Until the pipeline has its partitions. Where other members hold them that may never be, so after a while it counts as
    /// started all the same, and says of itself what it waits for.
    /// </summary>
    private static async Task WaitUntilReadyAsync(EventPipeline pipeline, CancellationToken cancellationToken)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!pipeline.GetStatus().IsReady && TimeProvider.System.GetElapsedTime(start) < ReadyLimit)
            await Task.Delay(ReadyPoll, cancellationToken);
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
