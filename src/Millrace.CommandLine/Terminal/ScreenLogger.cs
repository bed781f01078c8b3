using Microsoft.Extensions.Logging;

namespace Millrace.Terminal;

/// <summary>Log lines on the screen: time, level, message; the exception's message behind it, all of it at Debug.</summary>
internal sealed class ScreenLogger(Screen screen, TimeProvider time, LogLevel minLevel, bool wholeExceptions) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= minLevel && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        // Whoever logs need not have asked.
        if (!IsEnabled(logLevel))
            return;
        string message = formatter(state, exception);
        if (exception is not null)
            message += wholeExceptions ? $"\n{exception}" : $": {exception.Message}";
        screen.WriteLine($"{time.GetLocalNow():HH:mm:ss} {Name(logLevel)} {message}");
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        LogLevel.Error => "error",
        LogLevel.Critical => "fatal",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, null),
    };
}
