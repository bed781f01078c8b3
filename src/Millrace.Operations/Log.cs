using Microsoft.Extensions.Logging;

namespace Millrace.Operations;

/// <summary>Every log message of the services. Nothing here is written once per event; ids are stable.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "librdkafka {Facility}: {Message}")]
    public static partial void ClientLog(this ILogger logger, string facility, string message);

    [LoggerMessage(10, LogLevel.Information, "Topic {Topic} created with {Partitions} partitions for dead letters.")]
    public static partial void DeadLetterTopicCreated(this ILogger logger, string topic, int partitions);

    [LoggerMessage(11, LogLevel.Warning, "Dead letters are not relayed to their topic and wait in the table: {Reason}")]
    public static partial void RelayStuck(this ILogger logger, Exception exception, string reason);

    [LoggerMessage(12, LogLevel.Information, "Dead letters are relayed again.")]
    public static partial void RelayGoesOn(this ILogger logger);

    [LoggerMessage(13, LogLevel.Warning, "{Count} dead letters are too large for topic {Topic}: it got their headers only, the table has them whole. One of them is {Id}.")]
    public static partial void RelayedWithoutValue(this ILogger logger, int count, string topic, Guid id);

    [LoggerMessage(14, LogLevel.Warning, "What was being relayed when the process stopped was not acknowledged in time; it is sent again at the next start.")]
    public static partial void RelayNotFinished(this ILogger logger);

    [LoggerMessage(20, LogLevel.Information, "The ledger was compacted: {Before} rows became {After}.")]
    public static partial void LedgerCompacted(this ILogger logger, long before, long after);

    [LoggerMessage(21, LogLevel.Warning, "The ledger could not be compacted; the next attempt is in an hour: {Reason}")]
    public static partial void LedgerNotCompacted(this ILogger logger, Exception exception, string reason);
}
