namespace Millrace.Broker.Groups;

internal sealed partial class ClassicGroup
{
    private readonly ITimer _timer;
    private TimeSpan _timerDue = TimeSpan.MaxValue;

    private void Renew(GroupMember member) => member.SessionDeadline = Now + member.SessionTimeout;

    private void OnTimer()
    {
        lock (_gate)
        {
            if (State is GroupState.Dead)
                return;

            _timerDue = TimeSpan.MaxValue;
            var now = Now;
            if (_joinDeadline <= now)
                OnJoinDeadline();
            if (_syncDeadline <= now)
                OnSyncDeadline();

            RemoveExpired(now);
            SetTimer();
        }
    }

    /// <inheritdoc/>
    /// <remarks>The timer's own way of doing so follows in a moment for who waits for them.</remarks>
    public override int ExpireSessions(string? memberId)
    {
        lock (_gate)
        {
            var expired = RemoveAll(m => memberId is null || m.Id == memberId);
            SetTimer();
            return expired;
        }
    }

    private void RemoveExpired(TimeSpan now)
    {
        var pending = _pendingMembers.Where(p => p.Value <= now).Select(p => p.Key).ToList();
        foreach (var id in pending)
            _pendingMembers.Remove(id);
        if (pending.Count > 0 && State is GroupState.PreparingRebalance)
            CompleteJoinIfAllAreHere();

        RemoveAll(m => m.MayExpire && m.SessionDeadline <= now);
    }

    private int RemoveAll(Func<GroupMember, bool> isOut)
    {
        var removed = _members.Values.Where(isOut).ToList();
        foreach (var member in removed)
            Remove(member);
        if (removed.Count > 0)
            ContinueAfterDeparture();
        return removed.Count;
    }

    /// <summary>
    /// Sets the timer to the earliest deadline. One that heartbeats have moved since is found too early, does nothing,
    /// and is set anew: that is cheaper than moving the timer with each heartbeat.
    /// </summary>
    private void SetTimer()
    {
        var due = Min(_joinDeadline, _syncDeadline);
        foreach (var expiry in _pendingMembers.Values)
            due = Min(due, expiry);
        foreach (var member in _members.Values)
        {
            if (member.MayExpire)
                due = Min(due, member.SessionDeadline);
        }

        if (due == _timerDue)
            return;
        _timerDue = due;
        if (due == TimeSpan.MaxValue)
            return;

        // Timers count whole milliseconds; rounding up keeps one from firing just before its deadline.
        var wait = TimeSpan.FromMilliseconds(Math.Ceiling(Max(due - Now, TimeSpan.Zero).TotalMilliseconds));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
