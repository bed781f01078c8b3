using Millrace.Protocol;

namespace Millrace.Broker.Groups;

internal sealed partial class ClassicGroup
{
    /// <summary>
    /// JoinGroup. A member without an id is new, a static member that returns, or told to come again with the id it
    /// is given; a member with one has it checked, and joins the rebalance that is on or starts one if what it offers changed.
    /// </summary>
    public Task<JoinResult> JoinAsync(JoinInput input)
    {
        lock (_gate)
        {
            if (State is GroupState.Dead)
                return Refused(ErrorCode.CoordinatorNotAvailable, input.MemberId);
            if (!CanAgreeOn(input))
                return Refused(ErrorCode.InconsistentGroupProtocol, input.MemberId);

            var result = input.MemberId.Length == 0 ? JoinWithoutId(input) : JoinWithId(input);
            SetTimer();
            return result;
        }
    }

    private Task<JoinResult> JoinWithoutId(JoinInput input)
    {
        if (input.InstanceId is not null && _staticMembers.TryGetValue(input.InstanceId, out var known))
            return ReplaceStaticMember(_members[known], input);
        if (_members.Count + _pendingMembers.Count >= _limits.MaxMembers)
            return Refused(ErrorCode.GroupMaxSizeReached, "");

        var id = $"{input.InstanceId ?? input.ClientId}-{Guid.NewGuid()}";
        if (input.InstanceId is not null || !input.MustKnowItsId)
            return Add(id, input);

        _pendingMembers[id] = Now + input.SessionTimeout;
        return Refused(ErrorCode.MemberIdRequired, id);
    }

    private Task<JoinResult> JoinWithId(JoinInput input)
    {
        if (_pendingMembers.Remove(input.MemberId))
            return Add(input.MemberId, input);

        var error = Validate(input.MemberId, input.InstanceId);
        if (error is not ErrorCode.None)
            return Refused(error, input.MemberId);

        var member = _members[input.MemberId];
        var isUnchanged = member.Offers(input.Protocols);
        var hasItsAnswer = State switch
        {
            GroupState.CompletingRebalance => isUnchanged,
            // A leader that joins again has seen something that needs another assignment.
            GroupState.Stable => isUnchanged && _leader != member.Id,
            GroupState.PreparingRebalance => false,
            _ => throw new InvalidOperationException($"A group with members is {State}."),
        };
        if (hasItsAnswer)
        {
            Renew(member);
            return Task.FromResult(CurrentGeneration(member));
        }

        Update(member, input);
        var answer = Park(member);
        StartOrContinueRebalance();
        return answer;
    }

    private Task<JoinResult> Add(string id, JoinInput input)
    {
        if (_members.Count == 0)
            ProtocolType = input.ProtocolType;

        var member = new GroupMember
        {
            Id = id,
            InstanceId = input.InstanceId,
            ClientId = input.ClientId,
            ClientHost = input.ClientHost,
            SessionTimeout = input.SessionTimeout,
            RebalanceTimeout = input.RebalanceTimeout,
            Protocols = input.Protocols,
            SessionDeadline = Now + NewMemberJoinTimeout,
        };
        _members.Add(id, member);
        if (input.InstanceId is not null)
            _staticMembers[input.InstanceId] = id;

        _leader ??= id;
        _memberCameDuringInitialDelay = true;
        var answer = Park(member);
        StartOrContinueRebalance();
        return answer;
    }

    /// <summary>A restarted static member gets a new id. The old one is fenced; in Stable nobody else needs to notice.</summary>
    private Task<JoinResult> ReplaceStaticMember(GroupMember member, JoinInput input)
    {
        var oldId = member.Id;
        var oldLeader = _leader;
        Refuse(member, ErrorCode.FencedInstanceId);

        _members.Remove(oldId);
        member.Id = $"{input.InstanceId}-{Guid.NewGuid()}";
        _members.Add(member.Id, member);
        _staticMembers[input.InstanceId!] = member.Id;
        if (_leader == oldId)
            _leader = member.Id;

        var current = _protocol;
        Update(member, input);
        if (State is GroupState.Stable && SelectProtocol() == current)
        {
            Renew(member);
            var answer = CurrentGeneration(member);
            if (_leader == member.Id)
            {
                // Before v9 the only way to keep it from assigning again is not to tell it that it leads.
                answer = input.CanSkipAssignment
                    ? answer with { SkipAssignment = true }
                    : answer with { Leader = oldLeader!, Members = [] };
            }

            return Task.FromResult(answer);
        }

        var parked = Park(member);
        StartOrContinueRebalance();
        return parked;
    }

    private void Update(GroupMember member, JoinInput input)
    {
        member.ClientId = input.ClientId;
        member.ClientHost = input.ClientHost;
        member.Protocols = input.Protocols;
        member.SessionTimeout = input.SessionTimeout;
        member.RebalanceTimeout = input.RebalanceTimeout;
        Renew(member);
    }

    private static Task<JoinResult> Park(GroupMember member)
    {
        // The same member asking again means that its first connection is gone.
        member.Join?.TrySetResult(new JoinResult(ErrorCode.RebalanceInProgress, member.Id));
        member.Join = new TaskCompletionSource<JoinResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        return member.Join.Task;
    }

    private static Task<JoinResult> Refused(ErrorCode error, string memberId) => Task.FromResult(new JoinResult(error, memberId));

    private JoinResult CurrentGeneration(GroupMember member) => new(ErrorCode.None, member.Id)
    {
        Generation = Generation,
        ProtocolType = ProtocolType,
        ProtocolName = _protocol,
        Leader = _leader ?? "",
        Members = _leader == member.Id
            ? [.. _members.Values.Select(m => new JoinedMember(m.Id, m.InstanceId, m.MetadataOf(_protocol!)))]
            : [],
    };

    private bool CanAgreeOn(JoinInput input)
    {
        if (input.ProtocolType.Length == 0 || input.Protocols.Length == 0)
            return false;

        // A member's own earlier offer does not bind it.
        var others = _members.Values
            .Where(m => m.Id != input.MemberId && (m.InstanceId is null || m.InstanceId != input.InstanceId))
            .ToList();
        return others.Count == 0 || (input.ProtocolType == ProtocolType
            && input.Protocols.Any(p => others.TrueForAll(m => m.Supports(p.Name))));
    }
}
