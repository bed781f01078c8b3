using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Millrace.Pipeline;
using Npgsql;
using Polly;
using Polly.Retry;

namespace Millrace.Operations.DeadLetters;

/// <summary>
/// Sends dead letters from the table to the dead-letter topic, in the background, at least once: each carries its id, by which a reader tells
/// a second copy. Several processes may run one each; one at a time sends. A letter that is too large for the topic arrives as its headers alone.
/// </summary>
public sealed class DeadLetterRelay : IAsyncDisposable
{
    // What this process writes it tells of, see Wake; the look finds what another process wrote and did not relay, because it was killed or has no Kafka.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly OperationsSettings _settings;
    private readonly TimeSpan _lookInterval;
    private readonly NpgsqlDataSource _database;
    private readonly KafkaClients _kafka;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Metrics _metrics = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _written = new(0);
    private readonly ResiliencePipeline _untilItWorks;
    private readonly Task _running;
    private IProducer<byte[]?, byte[]?>? _producer;
    private RelayRound? _round;
    private volatile string? _trouble;

    private DeadLetterRelay(OperationsSettings settings, TimeSpan lookInterval, NpgsqlDataSource database, TimeProvider time, ILogger logger)
    {
        _settings = settings;
        _lookInterval = lookInterval;
        _database = database;
        _kafka = new KafkaClients(settings, logger);
        _time = time;
        _logger = logger;
        _untilItWorks = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is not (null or OperationCanceledException)),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(250),
                MaxDelay = TimeSpan.FromSeconds(15),
                OnRetry = OnTrouble,
            })
            .Build();
        _running = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Why nothing is being relayed at the moment, in a sentence; null while all is well.</summary>
    public string? Trouble => _trouble;

    /// <summary>How many the dead-letter topic has acknowledged to this process.</summary>
    public long Relayed => _metrics.Relayed;

    /// <summary>Starts it. It waits for PostgreSQL and Kafka by itself, and creates the topic when that is absent.</summary>
    /// <exception cref="OperationsException">The connection string is not one.</exception>
    public static Task<DeadLetterRelay> StartAsync(OperationsSettings settings, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        StartAsync(settings, LookInterval, time, loggers, cancellationToken);

    /// <summary>For tests: looks that often for letters that it is not told of.</summary>
    internal static Task<DeadLetterRelay> StartAsync(
        OperationsSettings settings, TimeSpan lookInterval, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(new DeadLetterRelay(
            settings, lookInterval, Database.Open(settings.ConnectionString), time, loggers.CreateLogger("Millrace.Operations.DeadLetterRelay")));
    }

    /// <summary>Says that letters were written, so that they are relayed now and not at the next look. Quick, from any thread, also when it has ended.</summary>
    public void Wake()
    {
        // One is enough for all that is written until it looks; two that come at the same time cost a look more.
        if (_written.CurrentCount == 0)
            _written.Release();
    }

    /// <summary>Waits for what was sent to be acknowledged and marked, for a few seconds, and ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running.WaitAsync(StopLimit, _time);
        }
        catch (TimeoutException)
        {
            _logger.RelayNotFinished();
        }

        EndProducer();
        await _database.DisposeAsync();
        _metrics.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var stop = _stop.Token;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var relayed = await _untilItWorks.ExecuteAsync(static async (relay, token) => await relay.RelayAsync(token), this, stop);
                if (_trouble is not null)
                    _logger.RelayGoesOn();
                _trouble = null;
                if (relayed == 0)
                    await _written.WaitAsync(_lookInterval, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end that it was asked for.
        }
    }

    private async Task<int> RelayAsync(CancellationToken stop)
    {
        if (_round is null)
        {
            var partitions = await DeadLetterTopic.EnsureAsync(_settings, _kafka, _logger);
            _round = new RelayRound(_database, Producer, _settings.DeadLetterTopic, partitions, _metrics, _logger);
        }

        return await _round.RunAsync(stop);
    }

    /// <summary>Opened for the first letter: a process that has none needs no threads and no connection for them.</summary>
    private IProducer<byte[]?, byte[]?> Producer() => _producer ??= _kafka.Producer();

    private ValueTask OnTrouble(OnRetryArguments<object> args)
    {
        var exception = args.Outcome.Exception!;
        var reason = exception switch
        {
            NpgsqlException postgres => Database.Translate(postgres).Message,
            KafkaException kafka => _kafka.Translate(kafka).Message,
            _ => exception.Message,
        };
        if (_trouble is null)
            _logger.RelayStuck(exception, reason);
        _trouble = reason;

        // The topic may be gone, or have become another one; a producer that failed for good does not recover.
        _round = null;
        if (exception is KafkaException { Error.IsFatal: true })
            EndProducer();

        return ValueTask.CompletedTask;
    }

    private void EndProducer()
    {
        if (_producer is { } producer)
            KafkaClientEnd.End("producer of the relay", producer.Dispose, _logger);
        _producer = null;
    }
}
