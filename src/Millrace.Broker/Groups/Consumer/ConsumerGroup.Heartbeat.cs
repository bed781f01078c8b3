using Millrace.Protocol;

namespace Millrace.Broker.Groups.Consumer;

internal sealed partial class ConsumerGroup
{
    /// <summary>
    /// A heartbeat of a member that joins or is there, in the steps of the summary above. The request is checked already; what depends on
    /// the group is checked before anything of it changes.
    /// </summary>
    public ConsumerHeartbeatResult Heartbeat(ConsumerHeartbeat beat)
    {
        MatchPatterns(beat.Pattern);
        lock (_gate)
        {
            var (member, refusal) = FindOrAdd(beat);
            if (refusal is not null)
                return refusal;

            // 1. What is new.
            var subscriptionChanged = Update(member!, beat);
            if (RefreshTopics(subscriptionChanged) || subscriptionChanged)
                _epoch++;

            // 2. What everybody is to have.
            if (_epoch > _assignmentEpoch && Now >= _nextAssignment)
                Assign();

            // 3. What this one may have of it.
            var isChanged = Reconcile(member!, beat.Owned, subscriptionChanged);
            member!.SessionDeadline = Now + _limits.SessionTimeout;
            SetTimer();
            return new ConsumerHeartbeatResult(ErrorCode.None, null)
            {
                MemberId = member.Id,
                MemberEpoch = member.Epoch,
                Interval = _limits.HeartbeatInterval,
                Assignment = beat.MemberEpoch == 0 || beat.IsFull || isChanged ? [.. member.Assigned.Keys] : null,
            };
        }
    }

    private (ConsumerMember? Member, ConsumerHeartbeatResult? Refusal) FindOrAdd(ConsumerHeartbeat beat)
    {
        if (_isDead)
            return Refused(ErrorCode.CoordinatorNotAvailable, "The group is being deleted.");
        if (_members.Count >= _limits.MaxMembers && !_members.ContainsKey(beat.MemberId))
            return Refused(ErrorCode.GroupMaxSizeReached, $"The consumer group has reached its maximum capacity of {_limits.MaxMembers} members.");

        if (beat.InstanceId is not null)
            return FindOrAddStatic(beat, beat.InstanceId);
        if (_members.TryGetValue(beat.MemberId, out var known))
            return CheckEpoch(known, beat) is { } refusal ? (null, refusal) : (known, null);
        return beat.MemberEpoch == 0
            ? (Add(beat), null)
            : Refused(ErrorCode.UnknownMemberId, $"Member {beat.MemberId} is not a member of group {Id}.");
    }

    private (ConsumerMember? Member, ConsumerHeartbeatResult? Refusal) FindOrAddStatic(ConsumerHeartbeat beat, string instance)
    {
        var known = _staticMembers.GetValueOrDefault(instance);
        if (beat.MemberEpoch != 0)
            return CheckInstance(known, beat, instance) is { } refusal ? (null, refusal) : (known, CheckEpoch(known!, beat));
        if (known is not null && known.Epoch != ConsumerHeartbeat.LeavesForAMoment)
        {
            return Refused(
                ErrorCode.UnreleasedInstanceId,
                $"Static member {beat.MemberId} with instance id {instance} cannot join the group because the instance id is owned by {known.Id} member.");
        }

        // The id of another member: that one is gone, or has given up its own.
        if (_members.TryGetValue(beat.MemberId, out var other) && other != known)
            PutOut(other);
        if (known is null)
            return (Add(beat), null);

        // It keeps its place: what it had, what it is to have, and nobody else notices.
        _members.Remove(known.Id);
        known.Id = NewId(beat);
        _members.Add(known.Id, known);
        known.ResetTo(0);
        return (known, null);
    }

    /// <summary>ConsumerGroupHeartbeat with a negative epoch: the member leaves, or is away for a moment.</summary>
    public ConsumerHeartbeatResult Leave(ConsumerHeartbeat beat)
    {
        lock (_gate)
        {
            var member = beat.InstanceId is null ? _members.GetValueOrDefault(beat.MemberId) : _staticMembers.GetValueOrDefault(beat.InstanceId);
            if (beat.InstanceId is not null && CheckInstance(member, beat, beat.InstanceId) is { } refusal)
                return refusal;
            if (member is null)
                return ConsumerHeartbeatResult.Refused(ErrorCode.UnknownMemberId, $"Member {beat.MemberId} is not a member of group {Id}.");

            if (beat.MemberEpoch == ConsumerHeartbeat.LeavesForAMoment)
            {
                // Its partitions wait for it until its session ends; what it was giving up it has.
                SetPartitions(member, member.Assigned, []);
                member.ResetTo(ConsumerHeartbeat.LeavesForAMoment);
                member.RevocationDeadline = TimeSpan.MaxValue;
            }
            else
            {
                PutOut(member);
            }

            SetTimer();
            return new ConsumerHeartbeatResult(ErrorCode.None, null) { MemberId = beat.MemberId, MemberEpoch = beat.MemberEpoch };
        }
    }

    /// <summary>LeaveGroup of the classic protocol, with which administrators remove members of either.</summary>
    public ErrorCode Remove(LeavingMember leaving)
    {
        lock (_gate)
        {
            var member = leaving.InstanceId is null ? _members.GetValueOrDefault(leaving.MemberId) : _staticMembers.GetValueOrDefault(leaving.InstanceId);
            if (member is null)
                return ErrorCode.UnknownMemberId;
            if (leaving.MemberId.Length > 0 && leaving.MemberId != member.Id)
                return ErrorCode.FencedInstanceId;
            PutOut(member);
            SetTimer();
            return ErrorCode.None;
        }
    }

    private ConsumerMember Add(ConsumerHeartbeat beat)
    {
        var member = new ConsumerMember { Id = NewId(beat), InstanceId = beat.InstanceId };
        _members.Add(member.Id, member);
        if (member.InstanceId is not null)
            _staticMembers.Add(member.InstanceId, member);
        return member;
    }

    private static string NewId(ConsumerHeartbeat beat) => beat.MemberId.Length > 0 ? beat.MemberId : Guid.NewGuid().ToString();

    /// <returns>Whether it reads other topics than before.</returns>
    private bool Update(ConsumerMember member, ConsumerHeartbeat beat)
    {
        member.ClientId = beat.ClientId;
        member.ClientHost = beat.ClientHost;
        member.RackId = beat.RackId ?? member.RackId;
        member.RebalanceTimeout = beat.RebalanceTimeout ?? member.RebalanceTimeout;
        member.Assignor = beat.Assignor ?? member.Assignor;

        var isChanged = false;
        if (beat.TopicNames is not null && !beat.TopicNames.SetEquals(member.TopicNames))
        {
            member.TopicNames = beat.TopicNames;
            isChanged = true;
        }

        if (beat.Pattern is not null && beat.Pattern.Text != (member.Pattern?.Text ?? ""))
        {
            // Members with the same text share one, which is then matched once.
            member.Pattern = beat.Pattern.Text.Length == 0 ? null : Array.Find(_patterns, p => p.Text == beat.Pattern.Text) ?? beat.Pattern;
            isChanged = true;
        }

        return isChanged;
    }

    private static ConsumerHeartbeatResult? CheckInstance(ConsumerMember? known, ConsumerHeartbeat beat, string instance)
    {
        if (known is null)
            return ConsumerHeartbeatResult.Refused(ErrorCode.UnknownMemberId, $"Instance id {instance} is unknown.");
        return known.Id == beat.MemberId
            ? null
            : ConsumerHeartbeatResult.Refused(
                ErrorCode.FencedInstanceId, $"Static member {beat.MemberId} with instance id {instance} was fenced by member {known.Id}.");
    }

    /// <summary>
    /// The epoch before is taken from a member that owns nothing but what it has by now: the answer with the new epoch may have been lost. One
    /// that joins again owns nothing, and goes on in the epoch that it is in.
    /// </summary>
    private static ConsumerHeartbeatResult? CheckEpoch(ConsumerMember member, ConsumerHeartbeat beat)
    {
        if (beat.MemberEpoch == member.Epoch || beat.MemberEpoch == 0)
            return null;
        var isGreater = beat.MemberEpoch > member.Epoch;
        if (!isGreater && beat.MemberEpoch == member.PreviousEpoch && beat.Owned is not null && beat.Owned.All(member.Assigned.ContainsKey))
            return null;
        return ConsumerHeartbeatResult.Refused(
            ErrorCode.FencedMemberEpoch,
            $"The consumer group member has a {(isGreater ? "greater" : "smaller")} member epoch ({beat.MemberEpoch}) than the one known by the group"
            + $" coordinator ({member.Epoch}). The member must abandon all its partitions and rejoin.");
    }

    private void PutOut(ConsumerMember member)
    {
        Remove(member);
        _epoch++;
        if (_members.Count == 0)
            _emptySince = Now;
    }

    private void Remove(ConsumerMember member)
    {
        SetPartitions(member, [], []);
        _members.Remove(member.Id);
        if (member.InstanceId is not null)
            _staticMembers.Remove(member.InstanceId);
    }

    private static (ConsumerMember? Member, ConsumerHeartbeatResult? Refusal) Refused(ErrorCode error, string message) =>
        (null, ConsumerHeartbeatResult.Refused(error, message));
}
