using System.Collections.Immutable;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Millrace.Pipeline.Read;

/// <summary>
/// Keeps a consumer in the group, on a thread of its own, one <see cref="ConsumerSession"/> after another.
/// </summary>
/// <remarks>
/// A session ends early when going on with it would be wrong: positions could not be read, a lane was fenced although Kafka says that the
/// partition is ours, or the client failed for good. Then it leaves the group, and after a pause a new one joins, takes new epochs and
/// starts from the positions in PostgreSQL. That cures all three, and none needs a case of its own.
/// </remarks>
internal sealed class TopicReader
{
    private static readonly TimeSpan MinRejoinDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaxRejoinDelay = TimeSpan.FromSeconds(15);

    private readonly PipelineOptions _options;
    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _time;
    private readonly Metrics _metrics;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ConsumerSession? _session;
    private volatile string _waitingFor = "The pipeline is starting.";

    public TopicReader(PipelineOptions options, NpgsqlDataSource database, TimeProvider time, Metrics metrics, ILogger logger)
    {
        _options = options;
        _database = database;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        new Thread(Run) { IsBackground = true, Name = "millrace reader" }.Start();
    }

    /// <summary>The lanes of the partitions that are ours at the moment.</summary>
    public ImmutableArray<Lane> Lanes => _session?.Lanes ?? [];

    /// <summary>Why records do not flow, in a sentence; null when nothing stands in their way.</summary>
    public string? Trouble => _session is { } session ? session.Trouble : _waitingFor;

    /// <summary>Stops intake, drains the lanes, stores the offsets in Kafka and leaves the group.</summary>
    public Task StopAsync()
    {
        _stop.Cancel();
        return _ended.Task;
    }

    private void Run()
    {
        var failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            string reason;
            try
            {
                reason = RunSession(ref failures);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (e is KafkaException or NpgsqlException or TimeoutException)
            {
                reason = e.InnermostMessage();
            }
            catch (Exception e)
            {
                // Ending the thread would end the pipeline without a word; a new session may well work.
                _logger.ReaderFailed(e);
                reason = e.InnermostMessage();
            }

            if (_stop.IsCancellationRequested)
                break;
            var delay = Delay(failures++);
            _waitingFor = $"The pipeline is about to join the group again: {reason}.";
            _logger.Rejoining(delay.TotalMilliseconds, reason);
            _stop.Token.WaitHandle.WaitOne(delay);
        }

        _ended.SetResult();
    }

    /// <summary>Waits for what a session needs, then runs one; returns why it ended.</summary>
    private string RunSession(ref int failures)
    {
        _database.PingAsync(_stop.Token).GetAwaiter().GetResult();
        var topicId = Topics.FindIdAsync(_options, _logger).GetAwaiter().GetResult();
        var session = new ConsumerSession(_options, topicId, _database, _time, _metrics, _logger);
        _session = session;
        try
        {
            return session.Run(_stop.Token);
        }
        finally
        {
            if (session.HasCommitted)
                failures = 0;
            _session = null;
        }
    }

    private static TimeSpan Delay(int failures)
    {
        var longest = Math.Min(MinRejoinDelay.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 10)), MaxRejoinDelay.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(longest * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
