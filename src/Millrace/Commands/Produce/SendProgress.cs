using Millrace.Terminal;

namespace Millrace.Commands.Produce;

/// <summary>A line with a bar on a terminal while events are sent; nothing elsewhere.</summary>
internal sealed class SendProgress : IDisposable
{
    private const int BarWidth = 30;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Screen _screen = new();
    private readonly EventSender _sender;
    private readonly Func<(long Done, long Total)?> _read;
    private readonly Timer _timer;

    private SendProgress(EventSender sender, Func<(long Done, long Total)?> read)
    {
        _sender = sender;
        _read = read;
        _timer = new Timer(_ => Draw(), null, Interval, Interval);
    }

    /// <param name="sender">Whose events are counted.</param>
    /// <param name="read">How far the input has been read; null when nobody knows its length.</param>
    public static SendProgress Start(EventSender sender, Func<(long Done, long Total)?> read) => new(sender, read);

    public void Dispose()
    {
        // A drawing that is under way must not come after the line was taken away.
        using var drawn = new ManualResetEvent(false);
        if (_timer.Dispose(drawn))
            drawn.WaitOne();
        _screen.SetStatus(null);
    }

    private void Draw()
    {
        string counts = $"{_sender.Acknowledged:N0} events, {_sender.Acknowledged / _sender.Elapsed.TotalSeconds:N0}/s";
        _screen.SetStatus(_read() is { } progress ? $"{Bar(progress.Done, progress.Total)}  {counts}" : counts);
    }

    private static string Bar(long done, long total)
    {
        double share = total <= 0 ? 1 : Math.Clamp((double)done / total, 0, 1);
        int full = (int)(share * BarWidth);
        return $"{new string('━', full)}{new string('─', BarWidth - full)} {share,4:P0}";
    }
}
