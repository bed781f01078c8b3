using Microsoft.Extensions.Logging;

namespace Millrace.Terminal;

/// <summary>The loggers of a command that runs for long.</summary>
internal static class ScreenLogging
{
    public static ILoggerFactory Create(Screen screen, LogLevel level) => LoggerFactory.Create(builder => builder
        .SetMinimumLevel(level)
        // Kestrel and the host tell of every start and stop, which our own lines do better.
        .AddFilter("Microsoft", level < LogLevel.Information ? level : LogLevel.Warning)
        .AddProvider(new ScreenLoggerProvider(screen, TimeProvider.System, level <= LogLevel.Debug)));
}
