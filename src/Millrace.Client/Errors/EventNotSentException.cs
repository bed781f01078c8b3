using Confluent.Kafka;

namespace Millrace.Client;

/// <summary>Kafka did not acknowledge an event. When <see cref="MillraceException.IsTransient"/>, it may have arrived all the same.</summary>
public sealed class EventNotSentException : MillraceException
{
    internal EventNotSentException(Event about, Error error, string? clientSays, Exception? inner = null)
        : base(Describe(about, error, clientSays), about, IsTransientError(error), inner) => Code = error.Code.ToString();

    /// <summary>The name of Kafka's error, such as <c>Local_MsgTimedOut</c> or <c>TopicAuthorizationFailed</c>, for logs and metrics.</summary>
    public string Code { get; }

    private static string Describe(Event about, Error error, string? clientSays)
    {
        var message = $"The {about.EventType} {about.EventId} was not acknowledged: {error.Reason}";
        if (error.IsFatal)
            return $"{message}. This producer cannot go on; make a new one.";
        return clientSays is null ? $"{message}." : $"{message}; last heard of the broker: {clientSays}.";
    }

    /// <summary>What passes by itself: the broker is away, busy, or short of replicas or disk. Anything else needs a person.</summary>
    private static bool IsTransientError(Error error) => !error.IsFatal && error.Code is
        ErrorCode.Local_MsgTimedOut or ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown
        or ErrorCode.Local_QueueFull or ErrorCode.Local_Retry or ErrorCode.RequestTimedOut or ErrorCode.NetworkException
        or ErrorCode.LeaderNotAvailable or ErrorCode.NotLeaderForPartition or ErrorCode.BrokerNotAvailable
        or ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend or ErrorCode.KafkaStorageError
        or ErrorCode.ThrottlingQuotaExceeded;
}
