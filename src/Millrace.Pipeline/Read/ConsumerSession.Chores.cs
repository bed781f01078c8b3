using Confluent.Kafka;
using Millrace.Pipeline.Ledger;

namespace Millrace.Pipeline.Read;

/// <summary>What is done a few times a second between two records.</summary>
internal sealed partial class ConsumerSession
{
    // Asking the broker blocks the poll thread, so it is done seldom and only while nothing else could tell.
    private static readonly TimeSpan QueryInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(2);

    // One small request on another thread; the shorter, the less of another topic is read from the old position.
    private static readonly TimeSpan DescribeInterval = TimeSpan.FromSeconds(5);

    private long _queried;
    private long _describedAt;
    private Task<Guid?>? _described;
    private Task<IReadOnlyDictionary<int, long>>? _epochs;

    private void DoChores()
    {
        StoreOffsets();
        foreach (var lane in _lanes.Values)
        {
            if (lane.State == LaneState.Fenced)
                _rejoinBecause = $"partition {lane.Partition} was fenced";
            else if (lane.Failure is { } failure)
                throw new InvalidOperationException($"The lane of partition {lane.Partition} failed.", failure);
            if (lane.Notes.IsPaused && lane.HasRoom)
                Resume(lane);
            NoteEnd(lane, _consumer.GetWatermarkOffsets(TopicPartition(lane)));
        }

        if (_time.GetElapsedTime(_queried) >= QueryInterval)
        {
            QueryBroker();
            LookForDecisions();
            LookForAnotherTopic();
        }
    }

    /// <summary>
    /// A paused partition is not fetched, so its end moves unseen; and nothing but an answer tells that a broker that was away is back.
    /// </summary>
    private void QueryBroker()
    {
        _queried = _time.GetTimestamp();
        foreach (var lane in _lanes.Values)
        {
            if (_brokerTrouble is null && !lane.Notes.IsPaused)
                continue;
            try
            {
                NoteEnd(lane, _consumer.QueryWatermarkOffsets(TopicPartition(lane), QueryLimit));
                _brokerTrouble = null;
            }
            catch (KafkaException e)
            {
                _brokerTrouble = $"Kafka at {_options.BootstrapServers} does not answer: {e.Error.Reason.TrimEnd('.')}.";
                return;
            }
        }
    }

    /// <summary>
    /// The client does not tell when the topic is deleted and made again under it: it goes on at the old offset of the new log, or waits there. A new
    /// session finds out what to do. What is stored until this is noticed is stored once all the same.
    /// </summary>
    private void LookForAnotherTopic()
    {
        if (_described is { IsCompletedSuccessfully: true } read && read.Result is { } id && _topicId is { } known && id != known)
            _rejoinBecause = $"topic {_options.Topic} was deleted and created again";
        if (_described is { IsCompleted: false } || _time.GetElapsedTime(_describedAt) < DescribeInterval)
            return;
        _describedAt = _time.GetTimestamp();
        _described = Topics.FindIdAsync(_admin.Value, _options.Topic);
    }

    /// <summary>
    /// A person decides about a stranded partition by moving its position, which raises its epoch: then it is taken over again from there. Asked on
    /// another thread, and looked at the next time, so that a database that is away does not hold up the partitions that flow.
    /// </summary>
    private void LookForDecisions()
    {
        if (_epochs is { IsCompletedSuccessfully: true } read)
        {
            foreach (var lane in _lanes.Values)
            {
                if (lane.State == LaneState.Stranded && read.Result.TryGetValue(lane.Partition, out var epoch) && epoch != lane.Epoch)
                    _rejoinBecause = $"the position of partition {lane.Partition} was set anew";
            }
        }

        if (_epochs is { IsCompleted: false })
            return;
        _epochs = _lanes.Values.Any(lane => lane.State == LaneState.Stranded)
            ? Positions.ReadEpochsAsync(_database, _options.GroupId, _options.Topic, CancellationToken.None)
            : null;
    }

    private static void NoteEnd(Lane lane, WatermarkOffsets watermarks)
    {
        // Logical offsets (negative) stand for "not known yet".
        if (watermarks.Low.Value >= 0)
            lane.Notes.BeginOffset = watermarks.Low.Value;
        if (watermarks.High.Value >= 0)
            lane.Notes.EndOffset = watermarks.High.Value;
    }

    private void StoreOffsets()
    {
        foreach (var lane in _lanes.Values)
            Store(lane);
    }

    /// <summary>
    /// Tells Kafka what PostgreSQL has already, for Kafka's own tools. librdkafka sends it in the background. A partition that has left in
    /// the meantime cannot be stored, and need not be.
    /// </summary>
    private void Store(Lane lane)
    {
        var next = lane.NextOffset;
        if (next < 0 || next == lane.Notes.StoredOffset)
            return;
        try
        {
            _consumer.StoreOffset(new TopicPartitionOffset(TopicPartition(lane), next));
            lane.Notes.StoredOffset = next;
            HasCommitted = true;
        }
        catch (KafkaException e)
        {
            // It is called by handlers too, which must not throw.
            if (e.Error.Code is not (ErrorCode.Local_State or ErrorCode.Local_UnknownPartition))
                OnError(e.Error);
        }
    }

    private void Pause(Lane lane)
    {
        _logger.Paused(lane.Partition);
        _consumer.Pause([TopicPartition(lane)]);
        lane.Notes.IsPaused = true;
    }

    /// <summary>A partition that is leaving is resumed too, or it would still be paused when it comes back.</summary>
    private void Resume(Lane lane)
    {
        try
        {
            _consumer.Resume([TopicPartition(lane)]);
            lane.Notes.IsPaused = false;
            _logger.Resumed(lane.Partition);
        }
        catch (KafkaException e)
        {
            OnError(e.Error);
        }
    }

    /// <summary>
    /// The position is not in the log: retention overtook us, the log was cut, or the topic is another one. Skipping would lose events
    /// without a word and starting over would hide it, so the partition stands until a person decides; the others go on.
    /// </summary>
    private void Strand(TopicPartitionOffset at, Error error)
    {
        if (!_lanes.TryGetValue(at.Partition.Value, out var lane) || lane.State != LaneState.Running)
            return;
        var range = DescribeRange(lane);
        Strand(lane, $"offset {lane.NextOffset} is not in the topic any more ({range}; {error.Reason.TrimEnd('.')}); decide where it goes on: millrace groups resolve --partition {lane.Partition} --to earliest, latest or an offset");
    }

    private void Strand(Lane lane, string reason)
    {
        lane.Strand(reason);
        _logger.Stranded(lane.Partition, reason);
    }

    private string DescribeRange(Lane lane)
    {
        try
        {
            var watermarks = _consumer.QueryWatermarkOffsets(TopicPartition(lane), QueryLimit);
            return $"it has {watermarks.Low} to {watermarks.High}";
        }
        catch (KafkaException e)
        {
            return $"its range is unknown: {e.Error.Reason.TrimEnd('.')}";
        }
    }

    private TopicPartition TopicPartition(Lane lane) => new(_options.Topic, lane.Partition);
}
