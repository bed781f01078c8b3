using Confluent.Kafka;
using Millrace.Pipeline.Ledger;

namespace Millrace.Pipeline.Read;

/// <summary>
/// Partitions come and go. No handler may throw: the client would take the whole assignment away, stay in the group and fetch nothing.
/// </summary>
internal sealed partial class ConsumerSession
{
    // The handlers hold up the rebalance of the whole group.
    private static readonly TimeSpan PositionsLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RevokeLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AbandonLimit = TimeSpan.FromSeconds(5);

    /// <summary>Takes the partitions over in PostgreSQL and says where reading goes on.</summary>
    private IEnumerable<TopicPartitionOffset> OnAssigned(List<TopicPartition> partitions)
    {
        _hasJoined = true;
        _brokerTrouble = null;
        try
        {
            FindTopicAgain(partitions.Count);
            var positions = Acquire(partitions).ToDictionary(position => position.Partition);
            return partitions.Select(partition => Open(partition, positions[partition.Partition.Value])).ToList();
        }
        catch (Exception e)
        {
            // Nothing may be written without an epoch: no lanes, and a new session when PostgreSQL is back. The end, because a start position
            // has to be given and nothing should be fetched in the meantime; so no lane may be left that would take what comes after it.
            foreach (var lane in Remove(partitions.Select(partition => partition.Partition.Value)))
                _ = lane.AbandonAsync();
            _logger.PositionsUnknown(e, partitions.Count, e.InnermostMessage());
            _rejoinBecause = $"the positions could not be read from PostgreSQL: {e.InnermostMessage()}";
            return partitions.Select(partition => new TopicPartitionOffset(partition, Offset.End)).ToList();
        }
    }

    /// <summary>
    /// The topic may have been deleted and made again since the session began, which takes its partitions away and brings them back. The id that
    /// was read before the session began is good for its first assignment.
    /// </summary>
    private void FindTopicAgain(int partitions)
    {
        if (partitions == 0)
            return;
        if (_isTopicKnown)
            _topicId = Topics.FindIdAsync(_admin.Value, _options.Topic).GetAwaiter().GetResult();
        _isTopicKnown = true;
    }

    private IReadOnlyList<Position> Acquire(List<TopicPartition> partitions)
    {
        if (partitions.Count == 0)
            return [];
        using var limit = new CancellationTokenSource(PositionsLimit, _time);
        return Positions.AcquireAsync(
            _database, _options.GroupId, _options.Topic, [.. partitions.Select(partition => partition.Partition.Value)], _topicId,
            _consumer.MemberId, limit.Token).GetAwaiter().GetResult();
    }

    private TopicPartitionOffset Open(TopicPartition partition, Position position)
    {
        var key = new PartitionKey(_options.GroupId, _options.Topic, position.Partition);
        var lane = new Lane(key, position, _options, _database, _time, _metrics, _logger);
        _lanes[position.Partition] = lane;
        Publish();

        if (position.TopicId is { } known && _topicId is { } current && known != current)
        {
            Strand(lane, $"topic {_options.Topic} was deleted and created again since offset {position.NextOffset} was committed; to read the new topic from its start: millrace groups resolve --partition {position.Partition} --to recreated");
            return new TopicPartitionOffset(partition, Offset.End);
        }

        _logger.Assigned(position.Partition, position.Epoch, position.NextOffset?.ToString() ?? "the beginning");
        return position.NextOffset is { } next
            ? new TopicPartitionOffset(partition, next, position.LeaderEpoch)
            : new TopicPartitionOffset(partition, Offset.Beginning);
    }

    /// <summary>
    /// The partitions go to somebody else in order: the flush under way may finish, so that its work is not done twice; what waits behind it
    /// is dropped. A flush that takes too long is fenced by the new owner's epoch.
    /// </summary>
    private void OnRevoked(List<TopicPartitionOffset> positions)
    {
        var leaving = Remove(positions.Select(position => position.Partition.Value));
        Finish([.. leaving.Select(lane => lane.DiscardAsync())], RevokeLimit);
        foreach (var lane in leaving)
        {
            if (!lane.Ended)
                _ = lane.AbandonAsync();
            Store(lane);
            _logger.Revoked(lane.Partition, lane.NextOffset);
        }
    }

    /// <summary>The partitions belong to somebody else already: whatever is under way can only be fenced.</summary>
    private void OnLost(List<TopicPartitionOffset> positions)
    {
        foreach (var lane in Remove(positions.Select(position => position.Partition.Value)))
        {
            _ = lane.AbandonAsync();
            _logger.Lost(lane.Partition, lane.NextOffset);
        }
    }

    private List<Lane> Remove(IEnumerable<int> partitions)
    {
        var removed = new List<Lane>();
        foreach (var partition in partitions)
        {
            if (!_lanes.Remove(partition, out var lane))
                continue;
            if (lane.Notes.IsPaused)
                Resume(lane);
            removed.Add(lane);
        }

        Publish();
        return removed;
    }

    /// <summary>Ends all lanes: lets them commit what they hold, or only what is under way.</summary>
    private void EndLanes(bool drain)
    {
        if (_lanes.Values.All(lane => lane.Ended))
            return;
        var limit = drain ? _options.DrainTimeout : RevokeLimit;
        if (!Finish([.. _lanes.Values.Select(lane => drain ? lane.DrainAsync() : lane.DiscardAsync())], limit))
        {
            _logger.NotDrained(limit.TotalSeconds);
            Finish([.. _lanes.Values.Select(lane => lane.AbandonAsync())], AbandonLimit);
        }
    }

    private void Publish() => _snapshot = [.. _lanes.Values.OrderBy(lane => lane.Partition)];

    /// <summary>Waits for lanes to end; false when they did not within the limit. A lane that failed has ended.</summary>
    private bool Finish(Task[] lanes, TimeSpan limit)
    {
        var all = Task.WhenAll(lanes);
        return all.ContinueWith(_ => { }, TaskScheduler.Default).Wait(limit);
    }
}
