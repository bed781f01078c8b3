using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Millrace.Testing;

/// <summary>Keeps what was logged.</summary>
public sealed class LogCollector : ILoggerFactory, ILogger
{
    public ConcurrentQueue<(LogLevel Level, string Message)> Entries { get; } = [];

    public bool Has(LogLevel level, string part) =>
        Entries.Any(entry => entry.Level == level && entry.Message.Contains(part, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public bool IsEnabled(LogLevel logLevel) => logLevel > LogLevel.Debug;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            Entries.Enqueue((logLevel, formatter(state, exception)));
    }

    public void Dispose()
    {
    }
}
