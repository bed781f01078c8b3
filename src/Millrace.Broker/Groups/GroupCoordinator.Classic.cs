using Millrace.Broker.Groups.Consumer;
using Millrace.Protocol;

namespace Millrace.Broker.Groups;

internal sealed partial class GroupCoordinator
{
    /// <summary>Null when there is no such group; for one of the new protocol what Kafka says of it.</summary>
    public (GroupView? Group, string? Missing) Describe(string id) => _groups.GetValueOrDefault(id) switch
    {
        ClassicGroup { IsDead: false } group => (group.View(), null),
        { IsDead: false } => (null, $"Group {id} is not a classic group."),
        _ => (null, $"Group {id} not found."),
    };

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
                if ((group = GetOrAdd(groupId, NewClassicGroup)) is null)
                    return Refused(ErrorCode.GroupMaxSizeReached);
            }

            if (group is ClassicGroup classic)
            {
                var result = classic.JoinAsync(input);
                if (!classic.IsDead)
                    return result;
                _groups.TryRemove(new KeyValuePair<string, Group>(groupId, group));
            }
            else if (!TryReplace(group, NewClassicGroup))
            {
                return Refused(ErrorCode.InconsistentGroupProtocol);
            }
        }

        Task<JoinResult> Refused(ErrorCode error) => Task.FromResult(new JoinResult(error, input.MemberId));
    }

    public Task<SyncResult> SyncAsync(string groupId, SyncInput input)
    {
        if (groupId.Length == 0)
            return Task.FromResult(new SyncResult(ErrorCode.InvalidGroupId));
        return _groups.GetValueOrDefault(groupId) switch
        {
            ClassicGroup group => group.SyncAsync(input),
            ConsumerGroup group when group.HasMember(input.MemberId) => Task.FromResult(new SyncResult(ErrorCode.InconsistentGroupProtocol)),
            _ => Task.FromResult(new SyncResult(ErrorCode.UnknownMemberId)),
        };
    }

    public ErrorCode Heartbeat(string groupId, string memberId, string? instanceId, int generation)
    {
        if (groupId.Length == 0)
            return ErrorCode.InvalidGroupId;
        return _groups.GetValueOrDefault(groupId) is ClassicGroup group ? group.Heartbeat(memberId, instanceId, generation) : ErrorCode.UnknownMemberId;
    }

    /// <summary>Of either protocol: administrators remove members with it.</summary>
    public ErrorCode Leave(string groupId, LeavingMember member) => _groups.GetValueOrDefault(groupId) switch
    {
        ClassicGroup group => group.Leave(member),
        ConsumerGroup group => group.Remove(member),
        _ => ErrorCode.UnknownMemberId,
    };

    private ClassicGroup NewClassicGroup(string id) => new(id, _limits, _settings.Time);
}
