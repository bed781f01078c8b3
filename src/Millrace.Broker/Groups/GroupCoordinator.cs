using System.Collections.Concurrent;
using Millrace.Broker.Groups.Consumer;
using Millrace.Broker.Log;
using Millrace.Protocol;

namespace Millrace.Broker.Groups;

/// <summary>
/// All groups of this broker, and their offsets. A group lives while it has members, or offsets, and a little longer. Its members speak the
/// classic protocol or the new one, not both: which one is decided by who comes while nobody is in it.
/// </summary>
internal sealed partial class GroupCoordinator : IDisposable
{
    /// <summary>As in Kafka (<c>offsets.retention.check.interval.ms</c>): until then a group that has nothing left is still shown, empty.</summary>
    private static readonly TimeSpan ExpiryInterval = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private readonly BrokerSettings _settings;
    private readonly MetadataLog _metadata;
    private readonly GroupLimits _limits;
    private readonly ConsumerGroupLimits _consumerLimits;
    private readonly ITopicShapes _topics;
    private readonly ITimer _expiry;

    public GroupCoordinator(BrokerSettings settings, MetadataLog metadata, ITopicShapes topics)
    {
        _topics = topics;
        _settings = settings;
        _metadata = metadata;
        _limits = new GroupLimits
        {
            MinSessionTimeout = settings.GroupMinSessionTimeout,
            MaxSessionTimeout = settings.GroupMaxSessionTimeout,
            InitialRebalanceDelay = settings.GroupInitialRebalanceDelay,
            MaxMembers = settings.MaxGroupMembers,
        };
        _consumerLimits = new ConsumerGroupLimits
        {
            SessionTimeout = settings.ConsumerGroupSessionTimeout,
            HeartbeatInterval = settings.ConsumerGroupHeartbeatInterval,
            AssignmentInterval = settings.ConsumerGroupAssignmentInterval,
            MaxMembers = settings.MaxConsumerGroupMembers,
            Assignors = [.. settings.ConsumerGroupAssignors],
        };
        foreach (var id in metadata.Image.Groups)
            _groups[id] = NewClassicGroup(id);
        _expiry = settings.Time.CreateTimer(_ => ExpireOffsets(), null, ExpiryInterval, ExpiryInterval);
    }

    public IEnumerable<GroupListing> Listings => _groups.Values.Where(g => !g.IsDead).Select(g => g.Listing());

    public MetadataImage Offsets => _metadata.Image;

    /// <summary>Whether who says so may commit; for a consumer that is in no group, makes one for its offsets.</summary>
    public ErrorCode ValidateCommit(string groupId, Committer committer)
    {
        if (groupId.Length == 0)
            return ErrorCode.InvalidGroupId;

        while (true)
        {
            if (!_groups.TryGetValue(groupId, out var group))
            {
                if (committer.Epoch >= 0)
                    return ErrorCode.GroupIdNotFound;
                if ((group = GetOrAdd(groupId, NewClassicGroup)) is null)
                    return ErrorCode.GroupMaxSizeReached;
            }

            var error = group.ValidateCommit(committer);
            if (!group.IsDead)
                return error;
            _groups.TryRemove(new KeyValuePair<string, Group>(groupId, group));
        }
    }

    /// <summary>Whether who says so may ask for the offsets of a group. One that is not there has none, for anybody.</summary>
    public ErrorCode ValidateFetch(string groupId, string? memberId, int memberEpoch) =>
        _groups.TryGetValue(groupId, out var group) ? group.ValidateFetch(memberId, memberEpoch) : ErrorCode.None;

    /// <summary>Deletes a group that has no members, with its offsets.</summary>
    public async Task<ErrorCode> DeleteAsync(string groupId)
    {
        if (groupId.Length == 0)
            return ErrorCode.InvalidGroupId;
        if (!_groups.TryGetValue(groupId, out var group))
            return ErrorCode.GroupIdNotFound;
        if (!group.TryRetire())
            return ErrorCode.NonEmptyGroup;

        // From here on the group is dead, and who comes makes a new one, whose commits are behind this record.
        var isDone = await _metadata.AppendAsync(new MetadataRecord.OffsetsDeleted(groupId, [])).ConfigureAwait(false);
        _groups.TryRemove(new KeyValuePair<string, Group>(groupId, group));
        group.Dispose();
        if (isDone)
            return ErrorCode.None;

        // It is there as after a start: without members, with its offsets.
        _groups.TryAdd(groupId, NewClassicGroup(groupId));
        return ErrorCode.CoordinatorNotAvailable;
    }

    /// <summary>Deletes offsets of topics that no member of the group reads.</summary>
    /// <returns>The group's error, and for each partition its own.</returns>
    public async Task<(ErrorCode Error, IReadOnlyDictionary<TopicPartition, ErrorCode> Partitions)> DeleteOffsetsAsync(
        string groupId, IReadOnlyList<TopicPartition> partitions)
    {
        var outcome = new Dictionary<TopicPartition, ErrorCode>();
        if (groupId.Length == 0)
            return (ErrorCode.InvalidGroupId, outcome);
        if (!_groups.TryGetValue(groupId, out var group))
            return (ErrorCode.GroupIdNotFound, outcome);
        if (!group.MayDeleteOffsets(out var subscribed))
            return (ErrorCode.NonEmptyGroup, outcome);

        foreach (var partition in partitions)
            outcome[partition] = subscribed.Contains(partition.Topic) ? ErrorCode.GroupSubscribedToTopic : ErrorCode.None;
        var deleted = outcome.Where(p => p.Value is ErrorCode.None).Select(p => p.Key).ToList();
        // An empty list would mean all.
        if (deleted.Count > 0 && !await _metadata.AppendAsync(new MetadataRecord.OffsetsDeleted(groupId, deleted)).ConfigureAwait(false))
            return (ErrorCode.CoordinatorNotAvailable, outcome);
        return (ErrorCode.None, outcome);
    }

    /// <summary>Puts members out as if they had been silent for too long; all when no id is given.</summary>
    public int ExpireSessions(string groupId, string? memberId) =>
        _groups.TryGetValue(groupId, out var group) ? group.ExpireSessions(memberId) : 0;

    /// <summary>False when the disk failed and nothing was committed.</summary>
    public Task<bool> CommitAsync(string groupId, IReadOnlyList<CommittedOffset> offsets) =>
        _metadata.AppendAsync(new MetadataRecord.OffsetsCommitted(groupId, offsets));

    public void Dispose()
    {
        _expiry.Dispose();
        foreach (var group in _groups.Values)
            group.Dispose();
    }

    private void ExpireOffsets()
    {
        var before = _settings.Time.GetUtcNow() - _settings.OffsetsRetention;
        foreach (var group in _groups.Values.Where(g => g.EmptyFor > _settings.OffsetsRetention))
            _ = ExpireAsync(group, before);
        RetireEmptyGroups();
    }

    private async Task ExpireAsync(Group group, DateTimeOffset before)
    {
        if (await _metadata.AppendAsync(new MetadataRecord.OffsetsExpired(group.Id, before)).ConfigureAwait(false))
            RetireIfNothingIsLeft(group);
    }

    private Group? GetOrAdd(string id, Func<string, Group> create)
    {
        // Two at once may go one over the limit, which is there for memory and not for counting.
        if (_groups.Count >= _settings.MaxGroups)
            RetireEmptyGroups();
        if (_groups.Count >= _settings.MaxGroups)
            return null;
        return _groups.GetOrAdd(id, create);
    }

    /// <summary>A group in which nobody is becomes one of the other protocol, with its offsets.</summary>
    /// <returns>False when somebody is in it.</returns>
    private bool TryReplace(Group group, Func<string, Group> create)
    {
        if (!group.TryRetire())
            return false;

        // Somebody else may have done so, or have deleted it; whoever comes first is found in the next round.
        var replacement = create(group.Id);
        if (_groups.TryUpdate(group.Id, replacement, group))
            group.Dispose();
        else
            replacement.Dispose();
        return true;
    }

    private void RetireEmptyGroups()
    {
        foreach (var group in _groups.Values)
            RetireIfNothingIsLeft(group);
    }

    private void RetireIfNothingIsLeft(Group group)
    {
        if (_metadata.Image.HasOffsets(group.Id) || !group.TryRetire())
            return;
        _groups.TryRemove(new KeyValuePair<string, Group>(group.Id, group));
        group.Dispose();
    }
}
