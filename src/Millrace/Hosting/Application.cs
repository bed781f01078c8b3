using Microsoft.Extensions.Logging;
using Millrace.Configuration;
using Millrace.Operations;
using Millrace.Operations.DeadLetters;
using Millrace.Operations.Proof;
using Millrace.Pipeline;
using Millrace.Pipeline.Ingest;
using Millrace.Registry;
using Millrace.Registry.Catalog;

namespace Millrace.Hosting;

/// <summary>
/// What one process does with a Kafka and a PostgreSQL, wherever these are: all of <c>run</c>, and <c>up</c> without its own servers.
/// <para>A start is these steps: 1 the schemas in force, before anything is held against them; 2 the pipeline; 3 what works on its tables in the
/// background; 4 ingest and HTTP; 5 wait until events would get through.</para>
/// <para>A stop goes back: HTTP takes no more events, what ingest has sent is acknowledged, the pipeline drains.</para>
/// </summary>
internal sealed class Application : IAsyncDisposable
{
    /// <summary>A cluster lets a new group wait for 3 s, and may take a while to notice that an earlier member has died.</summary>
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ReadyPoll = TimeSpan.FromMilliseconds(20);

    private readonly StartedParts _parts;

    private Application(StartedParts parts, Endpoints endpoints, EventPipeline pipeline)
    {
        _parts = parts;
        Endpoints = endpoints;
        Pipeline = pipeline;
    }

    public Endpoints Endpoints { get; }

    public EventPipeline Pipeline { get; }

    /// <param name="port">Where HTTP listens.</param>
    /// <exception cref="StartException">It cannot start. What had been started is stopped again.</exception>
    public static Task<Application> StartAsync(
        MillraceOptions options, string bootstrapServers, string connectionString, int port, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        StartedParts.StartAsync(async parts =>
        {
            // 1
            SchemaRegistry registry = parts.Add(SchemaRegistry.Open(new RegistrySettings { ConnectionString = connectionString }, TimeProvider.System));
            SchemaFeed schemas = parts.Add(await SchemaStart.RunAsync(options, registry, connectionString, loggers, cancellationToken));

            // 2
            // The relay comes after it, and looks at once for what it has missed.
            DeadLetterRelay? relay = null;
            PipelineOptions pipelineOptions = EngineOptions.Pipeline(options, bootstrapServers, connectionString, schemas);
            pipelineOptions.DeadLettersWritten = () => relay?.Wake();
            EventPipeline pipeline = parts.Add(await EventPipeline.StartAsync(pipelineOptions, TimeProvider.System, loggers, cancellationToken));

            // 3
            OperationsSettings settings = EngineOptions.Operations(options, bootstrapServers, connectionString, schemas);
            relay = parts.Add(await DeadLetterRelay.StartAsync(settings, TimeProvider.System, loggers, cancellationToken));
            parts.Add(await LedgerUpkeep.StartAsync(settings, TimeProvider.System, loggers, cancellationToken));
            OperationsServices operations = parts.Add(OperationsServices.Open(settings, TimeProvider.System, loggers));

            // 4
            IngestService ingest = parts.Add(
                IngestService.Start(EngineOptions.Ingest(options, bootstrapServers, connectionString, schemas), TimeProvider.System, loggers));
            parts.Add(await HttpApp.StartAsync(port, pipeline, ingest, operations.Tracer, registry, loggers, cancellationToken));

            // 5
            await WaitUntilReadyAsync(pipeline, cancellationToken);
            var endpoints = new Endpoints(
                bootstrapServers, Endpoints.WithoutSecrets(connectionString), $"http://localhost:{port}", Environment.ProcessId);
            return new Application(parts, endpoints, pipeline);
        });

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

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
}
