using Microsoft.Extensions.Logging;

namespace Millrace.Terminal;

/// <summary>
/// The loggers of a command that runs for long. A factory of its own, because there is one place that lines go to: the library's, which joins several with filters between
/// them, takes a good part of a broker's start.
/// </summary>
internal sealed class ScreenLogging : ILoggerFactory
{
    private readonly ILogger _ours;
    private readonly ILogger _theirs;

    private ScreenLogging(Screen screen, LogLevel level)
    {
        bool wholeExceptions = level <= LogLevel.Debug;
        _ours = new ScreenLogger(screen, TimeProvider.System, level, wholeExceptions);
        // Kestrel and the host tell of every start and stop, which our own lines do better.
        _theirs = level is LogLevel.Information ? new ScreenLogger(screen, TimeProvider.System, LogLevel.Warning, wholeExceptions) : _ours;
    }

    public static ILoggerFactory Create(Screen screen, LogLevel level) => new ScreenLogging(screen, level);

    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Microsoft", StringComparison.Ordinal) ? _theirs : _ours;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Lines go to the screen only.");

    public void Dispose()
    {
        // The screen outlives its loggers.
    }
}
