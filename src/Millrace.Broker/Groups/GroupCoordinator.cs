using System.Collections.Concurrent;
using Millrace.Broker.Log;
using Millrace.Protocol;

namespace Millrace.Broker.Groups;

/// <summary>All groups of this broker, and their offsets. A group lives while it has members, or offsets, and a little longer.</summary>
internal sealed class GroupCoordinator : IDisposable
{
    /// <summary>As in Kafka (<c>offsets.retention.check.interval.ms</c>): until then a group that has nothing left is still shown, empty.</summary>
    private static readonly TimeSpan ExpiryInterval = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private readonly BrokerSettings _settings;
    private readonly MetadataLog _metadata;
    private readonly GroupLimits _limits;
    private readonly ITimer _expiry;

    public GroupCoordinator(BrokerSettings settings, MetadataLog metadata)
    {
        _settings = settings;
        _metadata = metadata;
        _limits = new GroupLimits
        {
            MinSessionTimeout = settings.GroupMinSessionTimeout,
            MaxSessionTimeout = settings.GroupMaxSessionTimeout,
            InitialRebalanceDelay = settings.GroupInitialRebalanceDelay,
            MaxMembers = settings.MaxGroupMembers,
        };
        foreach (var id in metadata.Image.Groups)
            _groups[id] = NewGroup(id);
        _expiry = settings.Time.CreateTimer(_ => ExpireOffsets(), null, ExpiryInterval, ExpiryInterval);
    }

    public IEnumerable<GroupView> Views => _groups.Values.Select(g => g.View());

    public MetadataImage Offsets => _metadata.Image;

    public GroupView? View(string id) => _groups.TryGetValue(id, out var group) ? group.View() : null;

    public Task<JoinResult> JoinAsync(string groupId, JoinInput input)
    {
        if (groupId.Length == 0)
            return Refused(ErrorCode.InvalidGroupId);
        if (input.SessionTimeout < _limits.MinSessionTimeout || input.SessionTimeout > _limits.MaxSessionTimeout)
            return Refused(ErrorCode.InvalidSessionTimeout);

        while (true)
        {
            if (!_groups.TryGetValue(groupId, out var group))
            {
                if (input.MemberId.Length > 0)
                    return Refused(ErrorCode.UnknownMemberId);
                if ((group = GetOrAdd(groupId)) is null)
                    return Refused(ErrorCode.GroupMaxSizeReached);
            }

            var result = group.JoinAsync(input);
            if (group.State is not GroupState.Dead)
                return result;
            _groups.TryRemove(new KeyValuePair<string, Group>(groupId, group));
        }

        Task<JoinResult> Refused(ErrorCode error) => Task.FromResult(new JoinResult(error, input.MemberId));
    }

    public Task<SyncResult> SyncAsync(string groupId, SyncInput input)
    {
        if (groupId.Length == 0)
            return Task.FromResult(new SyncResult(ErrorCode.InvalidGroupId));
        return _groups.TryGetValue(groupId, out var group)
            ? group.SyncAsync(input)
            : Task.FromResult(new SyncResult(ErrorCode.UnknownMemberId));
    }

    public ErrorCode Heartbeat(string groupId, string memberId, string? instanceId, int generation)
    {
        if (groupId.Length == 0)
            return ErrorCode.InvalidGroupId;
        return _groups.TryGetValue(groupId, out var group) ? group.Heartbeat(memberId, instanceId, generation) : ErrorCode.UnknownMemberId;
    }

    public ErrorCode Leave(string groupId, LeavingMember member)
    {
        if (!_groups.TryGetValue(groupId, out var group))
            return ErrorCode.UnknownMemberId;

        return group.Leave(member);
    }

    /// <summary>Whether the member may commit; for a consumer that is in no group, makes one for its offsets.</summary>
    public ErrorCode ValidateCommit(string groupId, string memberId, string? instanceId, int generation, bool isTransactional)
    {
        if (groupId.Length == 0)
            return ErrorCode.InvalidGroupId;

        while (true)
        {
            if (!_groups.TryGetValue(groupId, out var group))
            {
                if (generation >= 0)
                    return ErrorCode.GroupIdNotFound;
                if ((group = GetOrAdd(groupId)) is null)
                    return ErrorCode.GroupMaxSizeReached;
            }

            var error = group.ValidateCommit(memberId, instanceId, generation, isTransactional);
            if (group.State is not GroupState.Dead)
                return error;
            _groups.TryRemove(new KeyValuePair<string, Group>(groupId, group));
        }
    }

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
        return isDone ? ErrorCode.None : ErrorCode.CoordinatorNotAvailable;
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

    private Group? GetOrAdd(string id)
    {
        // Two at once may go one over the limit, which is there for memory and not for counting.
        if (_groups.Count >= _settings.MaxGroups)
            RetireEmptyGroups();
        if (_groups.Count >= _settings.MaxGroups)
            return null;
        return _groups.GetOrAdd(id, NewGroup);
    }

    private Group NewGroup(string id) => new(id, _limits, _settings.Time);

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
