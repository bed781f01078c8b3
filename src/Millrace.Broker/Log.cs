using System.Net;
using Microsoft.Extensions.Logging;
using Millrace.Broker.Log;
using Millrace.Protocol;

namespace Millrace.Broker;

/// <summary>Every log message of the broker. 1-99 life of the broker, 100-199 storage, 200-299 network, 300-399 groups and transactions.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Information, "Kafka broker listens on {Endpoint}; {Topics} topics in {Directory}.")]
    public static partial void BrokerStarted(this ILogger logger, EndPoint endpoint, int topics, string directory);

    [LoggerMessage(2, LogLevel.Information, "Kafka broker on {Endpoint} has stopped.")]
    public static partial void BrokerStopped(this ILogger logger, EndPoint endpoint);

    [LoggerMessage(3, LogLevel.Debug, "Not listening on {Endpoint} as well: {Reason}.")]
    public static partial void SecondListenerNotOpened(this ILogger logger, EndPoint endpoint, string reason);

    [LoggerMessage(100, LogLevel.Warning, "{Path} was cut at byte {Position} ({Stop}): {Cut} bytes removed, the next offset is {NextOffset}. Bytes of a corrupt batch are kept beside it as .cut.")]
    public static partial void LogTailCut(this ILogger logger, string path, ScanStop stop, long position, long cut, long nextOffset);

    [LoggerMessage(101, LogLevel.Error, "{Path} is damaged at byte {Position}: offsets {From} to {Before} cannot be read. Everything else can.")]
    public static partial void SegmentDamaged(this ILogger logger, string path, long position, long from, long before);

    [LoggerMessage(102, LogLevel.Error, "The disk failed under {Directory}: what was being written is refused. Taking records is tried again every second.")]
    public static partial void LogFailed(this ILogger logger, string directory, Exception exception);

    [LoggerMessage(103, LogLevel.Warning, "{Path} was cut at byte {Position}: the {Cut} bytes of its last entry were not whole.")]
    public static partial void MetadataTailCut(this ILogger logger, string path, long position, long cut);

    [LoggerMessage(104, LogLevel.Error, "The disk failed under {Directory}: topics and offsets cannot be changed. It is tried again every second.")]
    public static partial void MetadataLogFailed(this ILogger logger, string directory, Exception exception);

    [LoggerMessage(105, LogLevel.Information, "Topic {Topic} ({Id}) created with {Partitions} partitions.")]
    public static partial void TopicCreated(this ILogger logger, string topic, Guid id, int partitions);

    [LoggerMessage(106, LogLevel.Information, "Topic {Topic} ({Id}) deleted.")]
    public static partial void TopicDeleted(this ILogger logger, string topic, Guid id);

    [LoggerMessage(107, LogLevel.Error, "Topic {Topic} could not be created or deleted.")]
    public static partial void TopicChangeFailed(this ILogger logger, string topic, Exception exception);

    [LoggerMessage(108, LogLevel.Error, "The directory of topic {Topic}, {Path}, is gone; the topic starts empty.")]
    public static partial void TopicDirectoryMissing(this ILogger logger, string topic, string path);

    [LoggerMessage(109, LogLevel.Warning, "{Directory} takes records again, from offset {NextOffset} on.")]
    public static partial void LogReopened(this ILogger logger, string directory, long nextOffset);

    [LoggerMessage(110, LogLevel.Debug, "{Directory}: {Count} segments removed, the first offset is {StartOffset}.")]
    public static partial void SegmentsRemoved(this ILogger logger, string directory, int count, long startOffset);

    [LoggerMessage(111, LogLevel.Debug, "{Path} has {After} bytes, compacted from the {Before} of {Count} segments.")]
    public static partial void SegmentsCompacted(this ILogger logger, string path, int count, long before, long after);

    [LoggerMessage(112, LogLevel.Error, "{Path} could not be compacted and stays as it is.")]
    public static partial void CompactionFailed(this ILogger logger, string path, Exception exception);

    [LoggerMessage(113, LogLevel.Warning, "{Directory} takes changes of topics and offsets again.")]
    public static partial void MetadataLogReopened(this ILogger logger, string directory);

    [LoggerMessage(200, LogLevel.Warning, "Connection from {Client} closed: {Reason}")]
    public static partial void ConnectionRefusedInput(this ILogger logger, EndPoint client, string reason);

    [LoggerMessage(201, LogLevel.Error, "{Api} v{Version} from {Client} failed; the connection was closed.")]
    public static partial void RequestFailed(this ILogger logger, ApiKey api, short version, EndPoint client, Exception exception);

    [LoggerMessage(202, LogLevel.Warning, "{Connections} connections are open, the limit; {Client} was turned away.")]
    public static partial void TooManyConnections(this ILogger logger, int connections, EndPoint client);

    [LoggerMessage(203, LogLevel.Error, "Accepting connections on {Endpoint} failed; trying again in a second.")]
    public static partial void ListenerFailed(this ILogger logger, EndPoint endpoint, Exception exception);

    [LoggerMessage(204, LogLevel.Debug, "Connection from {Client} ended: {Reason}")]
    public static partial void ConnectionEnded(this ILogger logger, EndPoint client, string reason);

    [LoggerMessage(300, LogLevel.Warning, "The transaction of {TransactionalId} (producer {ProducerId}) was open for longer than {Timeout} and was aborted.")]
    public static partial void TransactionTimedOut(this ILogger logger, string transactionalId, long producerId, TimeSpan timeout);
}
