using Millrace.Protocol;

namespace Millrace.Broker.Groups.Consumer;

/// <summary>
/// A group whose members speak the new protocol (KIP-848): the coordinator assigns, members follow. Three epochs tell how far everybody is.
/// 1. Whatever matters for the assignment, a member, a subscription or a topic, raises the group's epoch (heartbeats, departures).
/// 2. The next heartbeat makes an assignment for that epoch: what every member is to have in the end, its target.
/// 3. Each member is led there by its own heartbeats, at its own speed: what it has too much it gives up first, then its epoch becomes
/// that of the assignment and it gets what nobody else holds.
/// </summary>
/// <remarks>
/// <para>No partition has two owners: a partition belongs to whoever was told to have it until that member has said, by its list of owned
/// partitions, that it does not any more, or is put out. Only a partition without an owner is given (<see cref="_owners"/>).</para>
/// <para>Everything is guarded by one lock and nothing waits under it. One timer is set to the earliest deadline: a member is out when it is
/// silent for the session timeout, or when it has not given up within its rebalance timeout.</para>
/// <para>Nothing of this is kept over a restart of the broker, as with the classic protocol: a member that is not known joins again, with an
/// epoch of the new group. Offsets are kept.</para>
/// </remarks>
internal sealed partial class ConsumerGroup : Group
{
    private readonly Lock _gate = new();
    private readonly ConsumerGroupLimits _limits;
    private readonly ITopicShapes _topics;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, ConsumerMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConsumerMember> _staticMembers = new(StringComparer.Ordinal);

    /// <summary>Who has been told to have a partition and has not given it up.</summary>
    private readonly Dictionary<TopicIdPartition, ConsumerMember> _owners = [];

    /// <summary>As in Kafka: a group begins at 1, and the first subscription raises that.</summary>
    private int _epoch = 1;
    private int _assignmentEpoch;
    private TimeSpan _emptySince;
    private bool _isDead;

    public ConsumerGroup(string id, ConsumerGroupLimits limits, ITopicShapes topics, TimeProvider time)
        : base(id)
    {
        _limits = limits;
        _topics = topics;
        _time = time;
        _emptySince = Now;
        _timer = time.CreateTimer(static state => ((ConsumerGroup)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public override bool IsDead
    {
        get
        {
            lock (_gate)
                return _isDead;
        }
    }

    public override TimeSpan EmptyFor
    {
        get
        {
            lock (_gate)
                return State is ConsumerGroupState.Empty ? Now - _emptySince : TimeSpan.Zero;
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(0);

    private ConsumerGroupState State =>
        _isDead ? ConsumerGroupState.Dead
        : _members.Count == 0 ? ConsumerGroupState.Empty
        : _epoch > _assignmentEpoch ? ConsumerGroupState.Assigning
        : _members.Values.All(m => m.State is ReconciliationState.Stable && m.Epoch == _assignmentEpoch) ? ConsumerGroupState.Stable
        : ConsumerGroupState.Reconciling;

    public ConsumerGroupView View()
    {
        lock (_gate)
        {
            var members = _members.Values.OrderBy(m => m.Id, StringComparer.Ordinal).Select(m => new ConsumerMemberView
            {
                Id = m.Id,
                InstanceId = m.InstanceId,
                RackId = m.RackId,
                Epoch = m.Epoch,
                ClientId = m.ClientId,
                ClientHost = m.ClientHost,
                TopicNames = [.. m.TopicNames.Order(StringComparer.Ordinal)],
                Pattern = m.Pattern?.Text,
                Has = [.. m.Assigned.Keys, .. m.PendingRevocation.Keys],
                Target = [.. m.Target],
            });
            return new ConsumerGroupView(Id, State, _epoch, _assignmentEpoch, PreferredAssignor(), [.. members]);
        }
    }

    public override GroupListing Listing()
    {
        lock (_gate)
            return new GroupListing(Id, State.ToString(), "consumer", ConsumerSubscription.ProtocolType);
    }

    public bool HasMember(string memberId)
    {
        lock (_gate)
            return _members.ContainsKey(memberId);
    }

    /// <summary>A commit is no heartbeat here, as in Kafka.</summary>
    public override ErrorCode ValidateCommit(Committer committer)
    {
        lock (_gate)
        {
            if (_isDead)
                return ErrorCode.CoordinatorNotAvailable;
            if (committer.Epoch < 0 && (_members.Count == 0 || (committer.IsTransactional && committer.MemberId.Length == 0)))
                return ErrorCode.None;
            if (!_members.TryGetValue(committer.MemberId, out var member))
                return ErrorCode.UnknownMemberId;
            if (!committer.KnowsMemberEpochs)
                return ErrorCode.UnsupportedVersion;
            return committer.Epoch == member.Epoch ? ErrorCode.None : ErrorCode.StaleMemberEpoch;
        }
    }

    /// <summary>
    /// Whether a member had the partition in an epoch before its own, and has had it since: then nobody else can have read on from there, and a
    /// commit that is late is as good as one in time.
    /// </summary>
    public bool HasHadSince(string memberId, int epoch, TopicIdPartition partition)
    {
        lock (_gate)
        {
            return _members.TryGetValue(memberId, out var member) && epoch <= member.Epoch
                && (member.Assigned.TryGetValue(partition, out var since) || member.PendingRevocation.TryGetValue(partition, out since))
                && since <= epoch;
        }
    }

    public override ErrorCode ValidateFetch(string? memberId, int memberEpoch)
    {
        if (memberId is null && memberEpoch < 0)
            return ErrorCode.None;
        lock (_gate)
        {
            if (memberId is null || !_members.TryGetValue(memberId, out var member))
                return ErrorCode.UnknownMemberId;
            return memberEpoch == member.Epoch ? ErrorCode.None : ErrorCode.StaleMemberEpoch;
        }
    }

    public override bool MayDeleteOffsets(out IReadOnlySet<string> subscribed)
    {
        lock (_gate)
        {
            subscribed = _members.Values.SelectMany(m => m.TopicNames)
                .Concat(_members.Values.SelectMany(m => m.Topics).Select(id => _subscribed[id].Name))
                .ToHashSet(StringComparer.Ordinal);
            return !_isDead;
        }
    }

    public override bool TryRetire()
    {
        lock (_gate)
            return _isDead |= _members.Count == 0;
    }

    public override void Dispose()
    {
        lock (_gate)
            _isDead = true;
        _timer.Dispose();
    }
}
