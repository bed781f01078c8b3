namespace Millrace.Commands.Generate;

/// <summary>
/// Hands out turns at a steady rate: what is due by the clock since the start, so that a late wake-up is made up for and the rate
/// holds over any time. After a long stall (a broker that was away) it catches up by <see cref="MaxBacklog"/> at most.
/// </summary>
internal sealed class Pacer(double perSecond, TimeProvider time)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MaxBacklog = TimeSpan.FromSeconds(1);

    private long _origin = time.GetTimestamp();
    private double _sent;

    /// <summary>Waits until at least one turn is due; gives how many are.</summary>
    public async ValueTask<int> WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            double due = time.GetElapsedTime(_origin).TotalSeconds * perSecond - _sent;
            double most = Math.Max(1, perSecond * MaxBacklog.TotalSeconds);
            if (due > most)
            {
                _origin = time.GetTimestamp();
                _sent = -most;
                due = most;
            }

            if (due >= 1)
            {
                int turns = (int)due;
                _sent += turns;
                return turns;
            }

            TimeSpan untilNext = TimeSpan.FromSeconds((1 - due) / perSecond);
            await Task.Delay(untilNext > Tick ? untilNext : Tick, time, cancellationToken);
        }
    }
}
