using Microsoft.Extensions.Logging;

namespace Millrace.Terminal;

/// <summary>The loggers of a command that runs for long.</summary>
internal static class ScreenLogging
{
    public static ILoggerFactory Create(Screen screen, LogLevel level)
    {
        // Without the container of LoggerFactory.Create, which would take a good part of a broker's start.
        var filter = new LoggerFilterOptions { MinLevel = level };
        // Kestrel and the host tell of every start and stop, which our own lines do better.
        filter.Rules.Add(new LoggerFilterRule(providerName: null, "Microsoft", level < LogLevel.Information ? level : LogLevel.Warning, filter: null));
        return new LoggerFactory([new ScreenLoggerProvider(screen, TimeProvider.System, level <= LogLevel.Debug)], filter);
    }
}
