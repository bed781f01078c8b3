namespace Millrace.Broker.Groups.Consumer;

internal sealed partial class ConsumerGroup
{
    private readonly ITimer _timer;
    private TimeSpan _timerDue = TimeSpan.MaxValue;

    public override int ExpireSessions(string? memberId)
    {
        lock (_gate)
        {
            var expired = PutOutAll(m => memberId is null || m.Id == memberId);
            SetTimer();
            return expired;
        }
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (_isDead)
                return;
            _timerDue = TimeSpan.MaxValue;
            var now = Now;
            PutOutAll(m => m.SessionDeadline <= now || m.RevocationDeadline <= now);
            SetTimer();
        }
    }

    private int PutOutAll(Func<ConsumerMember, bool> isOut)
    {
        var members = _members.Values.Where(isOut).ToList();
        members.ForEach(PutOut);
        return members.Count;
    }

    /// <summary>
    /// Sets the timer to the earliest deadline. One that heartbeats have moved since is found too early, does nothing, and is set anew.
    /// </summary>
    private void SetTimer()
    {
        var due = TimeSpan.MaxValue;
        foreach (var member in _members.Values)
        {
            var earlier = member.SessionDeadline < member.RevocationDeadline ? member.SessionDeadline : member.RevocationDeadline;
            due = earlier < due ? earlier : due;
        }

        // A later one than is set is left alone: it is found early, as above.
        if (due >= _timerDue)
            return;
        _timerDue = due;
        var wait = due > Now ? due - Now : TimeSpan.Zero;
        // Timers count whole milliseconds; rounding up keeps one from firing just before its deadline.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }
}
