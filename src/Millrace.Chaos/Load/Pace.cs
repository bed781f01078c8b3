using System.Diagnostics;

namespace Millrace.Chaos.Load;

/// <summary>So many a second. What could not be done in time is not made up for: a load that was held up goes on as before.</summary>
internal static class Pace
{
    /// <param name="send">False when there is no room: the rest of the tick is left out.</param>
    public static async Task RunAsync(double perSecond, TimeSpan tick, Func<bool> send, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        var due = 0.0;
        using var timer = new PeriodicTimer(tick);
        while (!stop.IsCancellationRequested)
        {
            due = Math.Min(due + (perSecond * clock.Elapsed.TotalSeconds), perSecond);
            clock.Restart();
            while (due >= 1 && send())
                due--;
            try
            {
                await timer.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
