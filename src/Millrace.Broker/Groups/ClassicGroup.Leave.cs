using Millrace.Protocol;

namespace Millrace.Broker.Groups;

internal sealed partial class ClassicGroup
{
    /// <summary>LeaveGroup for one member: itself, a pending id, or a static member that an administrator removes.</summary>
    public ErrorCode Leave(LeavingMember leaving)
    {
        lock (_gate)
        {
            var error = LeaveLocked(leaving);
            SetTimer();
            return error;
        }
    }

    private ErrorCode LeaveLocked(LeavingMember leaving)
    {
        if (_pendingMembers.Remove(leaving.MemberId))
        {
            if (State is GroupState.PreparingRebalance)
                CompleteJoinIfAllAreHere();
            return ErrorCode.None;
        }

        var id = leaving.MemberId;
        if (id.Length == 0 && leaving.InstanceId is not null)
        {
            if (!_staticMembers.TryGetValue(leaving.InstanceId, out id!))
                return ErrorCode.UnknownMemberId;
        }
        else
        {
            var error = Validate(id, leaving.InstanceId);
            if (error is not ErrorCode.None)
                return error;
        }

        Remove(_members[id]);
        ContinueAfterDeparture();
        return ErrorCode.None;
    }

    private void Remove(GroupMember member)
    {
        Refuse(member, ErrorCode.UnknownMemberId);
        _members.Remove(member.Id);
        if (member.InstanceId is not null)
            _staticMembers.Remove(member.InstanceId);
        if (_leader == member.Id)
            _leader = _members.Values.FirstOrDefault(m => m.Join is not null)?.Id;
    }

    private void ContinueAfterDeparture()
    {
        if (State is GroupState.Stable or GroupState.CompletingRebalance)
            StartRebalance();
        else if (State is GroupState.PreparingRebalance)
            CompleteJoinIfAllAreHere();
    }
}
