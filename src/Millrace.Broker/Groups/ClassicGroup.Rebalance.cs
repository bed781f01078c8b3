using Millrace.Protocol;

namespace Millrace.Broker.Groups;

internal sealed partial class ClassicGroup
{
    /// <summary>How long a new member's parked join counts as a sign of life. The figure is Kafka's.</summary>
    private static readonly TimeSpan NewMemberJoinTimeout = TimeSpan.FromMinutes(5);

    private TimeSpan _joinDeadline = TimeSpan.MaxValue;
    private TimeSpan _initialDelayLeft;
    private bool _isInitialRebalance;
    private bool _memberCameDuringInitialDelay;

    private TimeSpan MaxRebalanceTimeout =>
        _members.Count == 0 ? TimeSpan.Zero : _members.Values.Max(m => m.RebalanceTimeout);

    private void StartOrContinueRebalance()
    {
        if (State is GroupState.PreparingRebalance)
            CompleteJoinIfAllAreHere();
        else
            StartRebalance();
    }

    private void StartRebalance()
    {
        foreach (var member in _members.Values)
        {
            member.SyncIsPending = false;
            if (member.Sync is null)
                continue;
            member.Sync.TrySetResult(new SyncResult(ErrorCode.RebalanceInProgress));
            member.Sync = null;
            Renew(member);
        }

        _syncDeadline = TimeSpan.MaxValue;
        _isInitialRebalance = State is GroupState.Empty;
        State = GroupState.PreparingRebalance;
        if (_isInitialRebalance && _limits.InitialRebalanceDelay > TimeSpan.Zero)
        {
            _memberCameDuringInitialDelay = false;
            _initialDelayLeft = Max(MaxRebalanceTimeout - _limits.InitialRebalanceDelay, TimeSpan.Zero);
            _joinDeadline = Now + _limits.InitialRebalanceDelay;
            return;
        }

        if (_isInitialRebalance)
            CompleteJoin();
        else
            CompleteJoinIfAllAreHere();
    }

    private void CompleteJoinIfAllAreHere()
    {
        if (_isInitialRebalance)
            return;

        if (_pendingMembers.Count == 0 && _members.Values.All(m => m.Join is not null))
            CompleteJoin();
        else
            // Set anew each time: a member with a longer rebalance timeout may have come.
            _joinDeadline = Now + MaxRebalanceTimeout;
    }

    /// <summary>The deadline of the join phase has passed.</summary>
    private void OnJoinDeadline()
    {
        if (_isInitialRebalance && _memberCameDuringInitialDelay && _initialDelayLeft > TimeSpan.Zero)
        {
            var delay = Min(_limits.InitialRebalanceDelay, _initialDelayLeft);
            _memberCameDuringInitialDelay = false;
            _initialDelayLeft -= delay;
            _joinDeadline = Now + delay;
            return;
        }

        CompleteJoin();
    }

    private void CompleteJoin()
    {
        // Who did not come is out, except a static member: it may still be restarting within its session timeout.
        foreach (var member in _members.Values.Where(m => m.Join is null && m.InstanceId is null).ToList())
            Remove(member);

        if (_members.Count > 0 && !ElectLeader())
        {
            _joinDeadline = Now + MaxRebalanceTimeout;
            return;
        }

        _joinDeadline = TimeSpan.MaxValue;
        _isInitialRebalance = false;
        Generation++;
        if (_members.Count == 0)
        {
            State = GroupState.Empty;
            _emptySince = Now;
            _protocol = null;
            _leader = null;
            return;
        }

        _protocol = SelectProtocol();
        State = GroupState.CompletingRebalance;
        _syncDeadline = Now + MaxRebalanceTimeout;
        foreach (var member in _members.Values)
        {
            member.IsNew = false;
            member.SyncIsPending = true;
            Renew(member);
            member.Join?.TrySetResult(CurrentGeneration(member));
            member.Join = null;
        }
    }

    /// <summary>Keeps the leader if it has joined; otherwise takes one that has.</summary>
    private bool ElectLeader()
    {
        if (_leader is not null && _members.TryGetValue(_leader, out var leader) && leader.Join is not null)
            return true;

        var candidate = _members.Values.FirstOrDefault(m => m.Join is not null);
        if (candidate is null)
            return false;
        _leader = candidate.Id;
        return true;
    }

    /// <summary>Each member votes for the first of its protocols that all support.</summary>
    private string? SelectProtocol()
    {
        var votes = new Dictionary<string, int>();
        foreach (var member in _members.Values)
        {
            var choice = Array.Find(member.Protocols, p => _members.Values.All(m => m.Supports(p.Name))).Name;
            if (choice is not null)
                votes[choice] = votes.GetValueOrDefault(choice) + 1;
        }

        return votes.Count == 0 ? null : votes.MaxBy(v => v.Value).Key;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
