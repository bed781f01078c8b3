using Microsoft.Extensions.Logging;

namespace Millrace.Pipeline;

/// <summary>Every log message of the pipeline. Nothing here is written once per event; ids are stable.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Migration {Script} applied.")]
    public static partial void MigrationApplied(this ILogger logger, string script);

    [LoggerMessage(2, LogLevel.Debug, "{Step}")]
    public static partial void MigrationStep(this ILogger logger, string step);

    [LoggerMessage(3, LogLevel.Information, "Topic {Topic} created with {Partitions} partitions.")]
    public static partial void TopicCreated(this ILogger logger, string topic, int partitions);

    [LoggerMessage(10, LogLevel.Information, "Partition {Partition} is ours under epoch {Epoch}; reading from {Start}.")]
    public static partial void Assigned(this ILogger logger, int partition, long epoch, string start);

    [LoggerMessage(11, LogLevel.Information, "Partition {Partition} is given up at offset {NextOffset}.")]
    public static partial void Revoked(this ILogger logger, int partition, long nextOffset);

    [LoggerMessage(12, LogLevel.Warning, "Partition {Partition} was taken away without notice at offset {NextOffset}; what was not committed is dropped and will be read again by its new owner.")]
    public static partial void Lost(this ILogger logger, int partition, long nextOffset);

    [LoggerMessage(13, LogLevel.Warning, "The positions of {Count} partitions could not be read from PostgreSQL: {Reason}. Nothing is read from Kafka until they are.")]
    public static partial void PositionsUnknown(this ILogger logger, Exception exception, int count, string reason);

    [LoggerMessage(14, LogLevel.Critical, "Partition {Partition} has stopped: {Reason}")]
    public static partial void Stranded(this ILogger logger, int partition, string reason);

    [LoggerMessage(15, LogLevel.Critical, "Partition {Partition} belongs to another writer: under epoch {Epoch}, {Records} records from offset {FirstOffset} on were dropped without being written. Is a second pipeline with this group id using the same database?")]
    public static partial void Fenced(this ILogger logger, int partition, long epoch, int records, long firstOffset);

    [LoggerMessage(16, LogLevel.Information, "Partition {Partition}: the flush under way was abandoned; offset {NextOffset} comes next.")]
    public static partial void LaneAbandoned(this ILogger logger, int partition, long nextOffset);

    [LoggerMessage(17, LogLevel.Information, "Leaving the group and joining it again in {Delay} ms: {Reason}.")]
    public static partial void Rejoining(this ILogger logger, double delay, string reason);

    [LoggerMessage(18, LogLevel.Critical, "The reader failed in a way that was not foreseen; it starts again.")]
    public static partial void ReaderFailed(this ILogger logger, Exception exception);

    [LoggerMessage(19, LogLevel.Warning, "Partition {Partition} is paused: PostgreSQL does not take its records fast enough.")]
    public static partial void Paused(this ILogger logger, int partition);

    [LoggerMessage(20, LogLevel.Information, "Partition {Partition} goes on.")]
    public static partial void Resumed(this ILogger logger, int partition);

    [LoggerMessage(21, LogLevel.Warning, "Partitions were not drained within {Seconds} s; what is left stays in Kafka and is read at the next start.")]
    public static partial void NotDrained(this ILogger logger, double seconds);

    [LoggerMessage(22, LogLevel.Warning, "The Kafka {Client} did not end within {Seconds} s and is left behind; its thread may keep a core busy until this process ends.")]
    public static partial void ClientNotEnded(this ILogger logger, string client, double seconds);

    [LoggerMessage(30, LogLevel.Warning, "Partition {Partition}: the transaction failed and is tried again until it succeeds: {Reason}")]
    public static partial void OutageBegan(this ILogger logger, Exception? exception, int partition, string reason);

    [LoggerMessage(31, LogLevel.Warning, "Partition {Partition}: attempt {Attempt} failed, next one in {Delay} ms: {Reason}")]
    public static partial void OutageGoesOn(this ILogger logger, int partition, int attempt, double delay, string reason);

    [LoggerMessage(32, LogLevel.Information, "Partition {Partition}: the transaction went through.")]
    public static partial void OutageOver(this ILogger logger, int partition);

    [LoggerMessage(33, LogLevel.Information, "Partition {Partition}: the commit up to offset {NextOffset} had gone through although its answer was lost.")]
    public static partial void CommitHadGoneThrough(this ILogger logger, int partition, long nextOffset);

    [LoggerMessage(34, LogLevel.Warning, "Partition {Partition}: {Count} events were stored although the schemas do not take them; the first: {Detail}")]
    public static partial void SchemaWarning(this ILogger logger, int partition, int count, string detail);

    [LoggerMessage(40, LogLevel.Warning, "Kafka: {Reason} ({Code})")]
    public static partial void KafkaError(this ILogger logger, string reason, string code);

    [LoggerMessage(41, LogLevel.Debug, "librdkafka {Facility}: {Message}")]
    public static partial void ClientLog(this ILogger logger, string facility, string message);

    [LoggerMessage(50, LogLevel.Warning, "Which events were accepted over HTTP could not be noted in pipeline.accepted, and is tried again: {Reason}")]
    public static partial void AcceptedNotWritten(this ILogger logger, string reason);

    [LoggerMessage(51, LogLevel.Warning, "{Count} events were accepted over HTTP and are in Kafka, but are not noted in pipeline.accepted: too much waits for the database.")]
    public static partial void AcceptedNotNoted(this ILogger logger, long count);
}
