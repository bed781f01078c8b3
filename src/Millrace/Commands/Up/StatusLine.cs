using Microsoft.Extensions.Logging;
using Millrace.Pipeline;
using Millrace.Terminal;

namespace Millrace.Commands.Up;

/// <summary>How it goes: one line drawn over every second on a terminal, else a log line when something has happened.</summary>
internal sealed class StatusLine(Screen screen, EventPipeline pipeline, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan DrawInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(screen.IsTerminal ? DrawInterval : LogInterval, time);
        PipelineStatus before = pipeline.GetStatus();
        long then = time.GetTimestamp();
        try
        {
            do
            {
                PipelineStatus now = pipeline.GetStatus();
                double seconds = time.GetElapsedTime(then).TotalSeconds;
                double perSecond = seconds > 0 ? (now.Stored - before.Stored) / seconds : 0;
                if (screen.IsTerminal)
                    screen.SetStatus(Text(now, perSecond));
                else if (now.Stored != before.Stored || now.DeadLetters != before.DeadLetters || now.IsReady != before.IsReady)
                    Log.Progress(logger, perSecond, now.Stored, now.Lag, now.DeadLetters, now.Reason ?? "ready");
                before = now;
                then = time.GetTimestamp();
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException)
        {
            // Asked to stop: the line makes room for what is said about that.
            screen.SetStatus(null);
        }
    }

    /// <summary>Everything since the start of this process, lag apart.</summary>
    public static string Text(PipelineStatus status, double perSecond)
    {
        string line = $"  {perSecond,9:N0} events/s   {status.Stored:N0} stored   lag {(status.Lag < 0 ? "?" : status.Lag.ToString("N0"))}   {status.DeadLetters:N0} dead letters";
        if (status.Duplicates > 0)
            line += $"   {status.Duplicates:N0} duplicates left out";
        return status.IsReady ? line : $"{line}   NOT READY: {status.Reason}";
    }
}
