using Millrace.Protocol;

namespace Millrace.Broker.Groups;

internal sealed partial class ClassicGroup
{
    private TimeSpan _syncDeadline = TimeSpan.MaxValue;

    /// <summary>SyncGroup: the leader's brings the assignment, the others' wait for it.</summary>
    public Task<SyncResult> SyncAsync(SyncInput input)
    {
        lock (_gate)
        {
            var error = Validate(input.MemberId, input.InstanceId);
            if (error is ErrorCode.None && input.Generation != Generation)
                error = ErrorCode.IllegalGeneration;
            if (error is ErrorCode.None && !NamesOurProtocol(input))
                error = ErrorCode.InconsistentGroupProtocol;
            if (error is ErrorCode.None && State is GroupState.PreparingRebalance)
                error = ErrorCode.RebalanceInProgress;
            if (error is not ErrorCode.None)
                return Task.FromResult(new SyncResult(error));

            var member = _members[input.MemberId];
            member.SyncIsPending = false;
            Renew(member);
            if (State is GroupState.CompletingRebalance)
            {
                var parked = ParkSync(member);
                if (member.Id == _leader)
                    Assign(input.Assignments);
                SetTimer();
                return parked;
            }

            return Task.FromResult(AssignmentOf(member));
        }
    }

    private bool NamesOurProtocol(SyncInput input) =>
        (input.ProtocolType is null || input.ProtocolType == ProtocolType)
        && (input.ProtocolName is null || input.ProtocolName == _protocol);

    private static Task<SyncResult> ParkSync(GroupMember member)
    {
        member.Sync?.TrySetResult(new SyncResult(ErrorCode.RebalanceInProgress));
        member.Sync = new TaskCompletionSource<SyncResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        return member.Sync.Task;
    }

    private void Assign(IReadOnlyDictionary<string, byte[]> assignments)
    {
        State = GroupState.Stable;
        foreach (var member in _members.Values)
        {
            member.Assignment = assignments.TryGetValue(member.Id, out var assignment) ? assignment : [];
            if (member.Sync is null)
                continue;
            member.Sync.TrySetResult(AssignmentOf(member));
            member.Sync = null;
            Renew(member);
        }
    }

    private SyncResult AssignmentOf(GroupMember member) => new(ErrorCode.None)
    {
        ProtocolType = ProtocolType,
        ProtocolName = _protocol,
        Assignment = member.Assignment,
    };

    /// <summary>Members that took part in the join but never fetched their assignment are gone.</summary>
    private void OnSyncDeadline()
    {
        _syncDeadline = TimeSpan.MaxValue;
        var missing = _members.Values.Where(m => m.SyncIsPending).ToList();
        if (missing.Count == 0)
            return;

        foreach (var member in missing)
            Remove(member);
        StartRebalance();
    }
}
