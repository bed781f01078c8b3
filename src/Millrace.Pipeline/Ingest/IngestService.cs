using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Millrace.Events;
using Millrace.Pipeline.Read;

namespace Millrace.Pipeline.Ingest;

/// <summary>Puts events that come over HTTP into the topic. Owns the producer; map its endpoint with <see cref="IngestEndpoints.MapIngest"/>.</summary>
public sealed class IngestService : IAsyncDisposable
{
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly AcceptedLog? _accepted;
    private readonly ILogger _logger;

    private IngestService(IngestOptions options, TimeProvider time, ILogger logger)
    {
        Options = options;
        Time = time;
        _logger = logger;
        Gate = new AdmissionGate(options.MaxWaitingEvents, options.MaxWaitingBytes);
        _producer = new ProducerBuilder<byte[], byte[]>(ClientSettings.Producer(options))
            .SetErrorHandler((_, error) => logger.KafkaError(error.Reason, error.Code.ToString()))
            .SetLogHandler((_, message) => logger.ClientLog(message.Facility, message.Message))
            .Build();
        if (options.ConnectionString is { } database)
            _accepted = new AcceptedLog(database, options.Topic, time, logger);
    }

    internal IngestOptions Options { get; }

    internal TimeProvider Time { get; }

    internal AdmissionGate Gate { get; }

    /// <summary>Starts the producer. Whether the broker is there shows with the first request.</summary>
    /// <exception cref="PipelineStartException">An option cannot be used; the message names all that cannot.</exception>
    public static IngestService Start(IngestOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        var errors = options.Errors().ToList();
        if (errors.Count > 0)
            throw new PipelineStartException($"Ingest cannot start: {string.Join("; ", errors)}.");
        try
        {
            return new IngestService(options, time, loggers.CreateLogger<IngestService>());
        }
        catch (Exception e) when (e is KafkaException or InvalidOperationException or ArgumentException)
        {
            throw new PipelineStartException($"Ingest cannot start: {e.InnermostMessage()}.", e);
        }
    }

    /// <summary>Sends what was not refused and waits until the broker has answered for each; null for those that it acknowledged.</summary>
    internal async Task<IReadOnlyList<Error?>> SendAsync(IReadOnlyList<PreparedEvent> events)
    {
        var pending = new PendingRequest(events.Count, _accepted);
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i].Reason != RefusalReason.None)
            {
                pending.Skip();
                continue;
            }

            try
            {
                _producer.Produce(Options.Topic, new Message<byte[], byte[]> { Key = events[i].Key!, Value = events[i].Value }, pending.Handler(i));
            }
            catch (KafkaException e)
            {
                pending.Complete(i, e.Error);
            }
        }

        return await pending.Answers;
    }

    /// <summary>Asks the broker for the topic; blocks until it answers.</summary>
    /// <exception cref="KafkaException">It does not within <paramref name="limit"/>.</exception>
    internal void AskBroker(TimeSpan limit)
    {
        using var admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        admin.GetMetadata(Options.Topic, limit);
    }

    /// <summary>Waits for what was sent to be acknowledged, and ends the producer.</summary>
    public async ValueTask DisposeAsync()
    {
        _producer.Flush(Options.AcknowledgeTimeout);
        KafkaClientEnd.End("producer of ingest", _producer.Dispose, _logger);
        if (_accepted is not null)
            await _accepted.DisposeAsync();
    }
}
