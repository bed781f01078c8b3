using System.Collections.Immutable;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Millrace.Pipeline.Read;

/// <summary>
/// The life of one consumer: it joins the group, polls, hands each record to its partition's lane, and leaves. Everything about the consumer
/// happens on the one thread that calls <see cref="Run"/>, the rebalance handlers too: they run inside Consume and Close.
/// </summary>
internal sealed partial class ConsumerSession
{
    // How long Consume waits when nothing comes, and so how often the chores are done. A record ends the wait at once, so an idle process may
    // wait longer; but stopping and what other threads have found out wait for it too.
    private static readonly TimeSpan ChoreInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan IdleInterval = TimeSpan.FromMilliseconds(500);

    // A lane that stays full this long has PostgreSQL away behind it. Pausing throws the prefetched records away, so shorter stalls
    // are waited out; but the thread must be back in Consume well within the rebalance timeout.
    private static readonly TimeSpan PauseAfter = TimeSpan.FromSeconds(5);

    private readonly PipelineOptions _options;
    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _time;
    private readonly Metrics _metrics;
    private readonly ILogger _logger;
    private readonly Dictionary<int, Lane> _lanes = [];
    private readonly Scratch _scratch = new();
    private readonly IConsumer<Slice, Slice> _consumer;

    // Kept for as long as the session: a client for each question would start its threads and connect anew every few seconds.
    private readonly Lazy<IAdminClient> _admin;
    private ImmutableArray<Lane> _snapshot = [];
    private Guid? _topicId;
    private bool _isTopicKnown;
    private volatile string? _rejoinBecause;
    private volatile string? _brokerTrouble;
    private volatile bool _hasJoined;

    public ConsumerSession(
        PipelineOptions options, Guid? topicId, NpgsqlDataSource database, TimeProvider time, Metrics metrics, ILogger logger)
    {
        _options = options;
        _topicId = topicId;
        _database = database;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _admin = new Lazy<IAdminClient>(() => Topics.Open(options, logger));
        _consumer = new ConsumerBuilder<Slice, Slice>(ClientSettings.Consumer(options))
            .SetKeyDeserializer(_scratch)
            .SetValueDeserializer(_scratch)
            .SetPartitionsAssignedHandler((_, partitions) => OnAssigned(partitions))
            .SetPartitionsRevokedHandler((_, positions) => OnRevoked(positions))
            .SetPartitionsLostHandler((_, positions) => OnLost(positions))
            .SetErrorHandler((_, error) => OnError(error))
            .SetLogHandler((_, message) => logger.ClientLog(message.Facility, message.Message))
            .Build();
    }

    /// <summary>The lanes of the partitions that are ours. From any thread.</summary>
    public ImmutableArray<Lane> Lanes
    {
        get
        {
            var lanes = _snapshot;
            return lanes.IsDefault ? [] : lanes;
        }
    }

    /// <summary>Whether anything was committed, so that the session was of use.</summary>
    public bool HasCommitted { get; private set; }

    /// <summary>Why records do not flow, in a sentence; null when nothing stands in their way. From any thread.</summary>
    public string? Trouble
    {
        get
        {
            if (_brokerTrouble is { } trouble)
                return trouble;
            if (_rejoinBecause is { } ending)
                return $"The pipeline is leaving the group: {ending}.";
            foreach (var lane in Lanes)
            {
                if (lane.Trouble is { } reason)
                    return $"Partition {lane.Partition} is stuck: {reason}.";
            }

            return _hasJoined ? null : "The consumer has not joined the group yet.";
        }
    }

    /// <summary>
    /// 1. Join. 2. Take a record, hand it to its lane, wait while that is full; now and then do the chores. 3. When told to stop, let the lanes
    /// commit what they have; when the session is of no use any more, let them drop it. 4. Store the offsets in Kafka and leave.
    /// </summary>
    /// <returns>Why it ended before it was told to; empty when it was.</returns>
    public string Run(CancellationToken stop)
    {
        try
        {
            _consumer.Subscribe(_options.Topic);
            Poll(stop);
            EndLanes(drain: _rejoinBecause is null);
            return _rejoinBecause ?? "";
        }
        finally
        {
            // There are lanes left only after an exception: they must not outlive the session, whatever state they are in.
            EndLanes(drain: false);
            Leave();
        }
    }

    private void Leave() => KafkaClientEnd.End("consumer", End, _logger);

    private void End()
    {
        try
        {
            StoreOffsets();
            _consumer.Close();
        }
        catch (KafkaException e)
        {
            // The group notices by itself that this member is gone.
            OnError(e.Error);
        }
        finally
        {
            _consumer.Dispose();
            if (_admin.IsValueCreated)
                _admin.Value.Dispose();
        }
    }

    private void Poll(CancellationToken stop)
    {
        var choresDone = _time.GetTimestamp();
        var busy = true;
        while (!stop.IsCancellationRequested && _rejoinBecause is null)
        {
            if (TakeOne(busy ? ChoreInterval : IdleInterval) is { } result)
            {
                busy = true;
                Dispatch(result, stop);
            }

            if (_time.GetElapsedTime(choresDone) < ChoreInterval)
                continue;
            DoChores();
            busy = _lanes.Values.Any(lane => lane.Notes.IsPaused || lane.State != LaneState.Running || lane.NextOffset != lane.Notes.StoredOffset);
            choresDone = _time.GetTimestamp();
        }
    }

    private ConsumeResult<Slice, Slice>? TakeOne(TimeSpan wait)
    {
        try
        {
            _scratch.Clear();
            return _consumer.Consume(wait);
        }
        catch (ConsumeException e) when (e.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.Local_LogTruncation or ErrorCode.OffsetOutOfRange)
        {
            Strand(e.ConsumerRecord.TopicPartitionOffset, e.Error);
            return null;
        }
        catch (KafkaException e)
        {
            OnError(e.Error);
            return null;
        }
    }

    private void Dispatch(ConsumeResult<Slice, Slice> result, CancellationToken stop)
    {
        // A partition without a lane: its position could not be read or used. What is dropped here is still in Kafka.
        if (!_lanes.TryGetValue(result.Partition.Value, out var lane))
            return;

        var message = result.Message;
        var headers = _scratch.Add(message.Headers);
        var record = new Record
        {
            Offset = result.Offset.Value,
            TimestampMilliseconds = message.Timestamp.UnixTimestampMs,
            LeaderEpoch = result.LeaderEpoch,
            HasKey = !message.Key.IsNull,
            Key = _scratch.Read(message.Key),
            HasValue = !message.Value.IsNull,
            Value = _scratch.Read(message.Value),
            Headers = _scratch.Read(headers),
        };
        if (lane.Post(record) && !lane.WaitForRoom(PauseAfter, stop))
            Pause(lane);
    }

    private void OnError(Error error)
    {
        if (error.Code == ErrorCode.Local_AllBrokersDown)
            _brokerTrouble = $"Kafka at {_options.BootstrapServers} does not answer.";
        if (error.IsFatal)
            _rejoinBecause = error.Reason;
        _logger.KafkaError(error.Reason, error.Code.ToString());
    }
}
