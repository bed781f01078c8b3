using Millrace.Protocol;

namespace Millrace.Broker.Groups;

/// <summary>What a group may take, and for how long it waits.</summary>
internal sealed record GroupLimits
{
    public required TimeSpan MinSessionTimeout { get; init; }

    public required TimeSpan MaxSessionTimeout { get; init; }

    public required TimeSpan InitialRebalanceDelay { get; init; }

    public required int MaxMembers { get; init; }
}

/// <summary>
/// A group whose members speak the classic protocol: who is in it, which generation it is in, who got which partitions. The state
/// machine of Kafka, in four parts: joining, rebalancing, syncing and leaving.
/// </summary>
/// <remarks>
/// Everything is guarded by one lock. Requests that must wait (JoinGroup, SyncGroup) are parked as task completion
/// sources that continue elsewhere, so that no client code ever runs under the lock. Deadlines are kept in fields and
/// one timer per group is set to the earliest: a heartbeat only moves a field.
/// </remarks>
internal sealed partial class ClassicGroup : Group
{
    private readonly Lock _gate = new();
    private readonly GroupLimits _limits;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, GroupMember> _members = [];
    private readonly Dictionary<string, string> _staticMembers = [];

    /// <summary>Ids that were handed out with MEMBER_ID_REQUIRED and have not come back yet, with their expiry.</summary>
    private readonly Dictionary<string, TimeSpan> _pendingMembers = [];

    private string? _leader;
    private string? _protocol;
    private TimeSpan _emptySince;

    public ClassicGroup(string id, GroupLimits limits, TimeProvider time)
        : base(id)
    {
        _limits = limits;
        _time = time;
        _emptySince = Now;
        _timer = time.CreateTimer(static state => ((ClassicGroup)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public GroupState State { get; private set; } = GroupState.Empty;

    public override bool IsDead => State is GroupState.Dead;

    public override TimeSpan EmptyFor
    {
        get
        {
            lock (_gate)
                return State is GroupState.Empty ? Now - _emptySince : TimeSpan.Zero;
        }
    }

    public int Generation { get; private set; }

    public string ProtocolType { get; private set; } = "";

    private TimeSpan Now => _time.GetElapsedTime(0);

    public ErrorCode Heartbeat(string memberId, string? instanceId, int generation)
    {
        lock (_gate)
        {
            var error = Validate(memberId, instanceId);
            if (error is not ErrorCode.None)
                return error;
            if (generation != Generation)
                return ErrorCode.IllegalGeneration;

            Renew(_members[memberId]);
            return State is GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
        }
    }

    /// <summary>A commit counts as a heartbeat.</summary>
    public override ErrorCode ValidateCommit(Committer committer)
    {
        lock (_gate)
        {
            if (State is GroupState.Dead)
                return ErrorCode.CoordinatorNotAvailable;

            if (State is GroupState.Empty && committer.Epoch < 0)
                return ErrorCode.None;
            // Producers that know of no members may commit for a group that has some, and a rebalance does not matter to them, as in Kafka.
            if (committer is { Epoch: < 0, MemberId: "", InstanceId: null })
                return committer.IsTransactional ? ErrorCode.None : ErrorCode.UnknownMemberId;

            var error = Validate(committer.MemberId, committer.InstanceId);
            if (error is not ErrorCode.None)
                return error;
            if (committer.Epoch != Generation)
                return ErrorCode.IllegalGeneration;
            if (State is GroupState.CompletingRebalance && !committer.IsTransactional)
                return ErrorCode.RebalanceInProgress;

            Renew(_members[committer.MemberId]);
            return ErrorCode.None;
        }
    }

    /// <summary>As in Kafka, where members of the classic protocol say nothing of themselves when they ask for offsets.</summary>
    public override ErrorCode ValidateFetch(string? memberId, int memberEpoch) => ErrorCode.None;

    public override GroupListing Listing()
    {
        lock (_gate)
            return new GroupListing(Id, State.ToString(), "classic", ProtocolType);
    }

    public GroupView View()
    {
        lock (_gate)
        {
            // As in Kafka: what members said and got is only meaningful when the generation is complete.
            var isStable = State is GroupState.Stable;
            var members = _members.Values.Select(m => new GroupMemberView(
                m.Id, m.InstanceId, m.ClientId, m.ClientHost,
                isStable && _protocol is not null ? m.MetadataOf(_protocol) : [],
                isStable ? m.Assignment : []));
            return new GroupView(Id, State, ProtocolType, isStable ? _protocol ?? "" : "", [.. members]);
        }
    }

    /// <summary>When the group is empty, or its members are consumers of topics that can be told.</summary>
    public override bool MayDeleteOffsets(out IReadOnlySet<string> subscribed)
    {
        lock (_gate)
        {
            subscribed = new HashSet<string>();
            if (State is GroupState.Empty)
                return true;
            if (ProtocolType != ConsumerSubscription.ProtocolType || State is GroupState.Dead)
                return false;

            var topics = new HashSet<string>();
            foreach (var metadata in _members.Values.SelectMany(m => m.Protocols).Select(p => p.Metadata))
            {
                if (!ConsumerSubscription.TryReadTopics(metadata, topics))
                    return false;
            }

            subscribed = topics;
            return true;
        }
    }

    public override bool TryRetire()
    {
        lock (_gate)
        {
            if (State is GroupState.Empty && _members.Count == 0 && _pendingMembers.Count == 0)
                State = GroupState.Dead;
            return State is GroupState.Dead;
        }
    }

    /// <summary>Answers everything that is parked, so that a stopping broker waits for nobody.</summary>
    public override void Dispose()
    {
        lock (_gate)
        {
            State = GroupState.Dead;
            foreach (var member in _members.Values)
                Refuse(member, ErrorCode.CoordinatorNotAvailable);
        }

        _timer.Dispose();
    }

    private ErrorCode Validate(string memberId, string? instanceId)
    {
        if (instanceId is not null)
        {
            if (!_staticMembers.TryGetValue(instanceId, out var known))
                return ErrorCode.UnknownMemberId;
            if (known != memberId)
                return ErrorCode.FencedInstanceId;
        }

        return _members.ContainsKey(memberId) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    private static void Refuse(GroupMember member, ErrorCode error)
    {
        member.Join?.TrySetResult(new JoinResult(error, member.Id));
        member.Sync?.TrySetResult(new SyncResult(error));
        member.Join = null;
        member.Sync = null;
    }
}
