using System.Net;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Millrace.Operations;

/// <summary>The Kafka clients of the services, each with the settings that its promises rest on. What the user gives is applied first.</summary>
internal sealed class KafkaClients(OperationsSettings settings, ILogger logger)
{
    /// <summary>How long a question to the broker may take before it counts as not answering.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public IAdminClient Admin() =>
        Guard(() => new AdminClientBuilder(Apply(new AdminClientConfig()))
            .SetLogHandler((_, message) => logger.ClientLog(message.Facility, message.Message))
            .SetErrorHandler((_, error) => logger.ClientLog("error", error.Reason))
            .Build());

    /// <summary>A producer whose acknowledgement means: stored by all replicas in sync, once, in the order of each partition.</summary>
    public IProducer<byte[]?, byte[]?> Producer() =>
        Guard(() => new ProducerBuilder<byte[]?, byte[]?>(Apply(new ProducerConfig
        {
            EnableIdempotence = true,
            Acks = Acks.All,
            Partitioner = Partitioner.Murmur2Random,
            LingerMs = 5,
            CompressionType = CompressionType.Lz4,
            MessageTimeoutMs = 30_000,

            // The topic's own limit decides what is too large, not the client's.
            MessageMaxBytes = 64 * 1024 * 1024,

            // Callers send a page at a time, of at most 100 records or 64 MiB; the queue takes that whole.
            QueueBufferingMaxKbytes = 256 * 1024,
            SocketNagleDisable = true,
            ReconnectBackoffMaxMs = 1_000,

            // An answer wakes the thread that takes it; how often it looks up besides costs a process that waits, and a tenth of a second is the default.
            CancellationDelayMaxMs = 500,
        }))
            .SetLogHandler((_, message) => logger.ClientLog(message.Facility, message.Message))
            .SetErrorHandler((_, error) => logger.ClientLog("error", error.Reason))
            .Build());

    /// <summary>A consumer that belongs to no group: it is assigned by hand and commits nothing.</summary>
    public IConsumer<byte[]?, byte[]?> Consumer() =>
        Guard(() => new ConsumerBuilder<byte[]?, byte[]?>(Apply(new ConsumerConfig
        {
            // The client wants a name; nothing is ever stored or joined under it.
            GroupId = $"{settings.GroupId}-operations",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Error,
            AllowAutoCreateTopics = false,
            FetchQueueBackoffMs = 5,
            QueuedMaxMessagesKbytes = 16 * 1024,
            SocketNagleDisable = true,
            ReconnectBackoffMaxMs = 1_000,
        }))
            .SetLogHandler((_, message) => logger.ClientLog(message.Facility, message.Message))
            .SetErrorHandler((_, error) => logger.ClientLog("error", error.Reason))
            .Build());

    /// <summary>The library's exception as ours.</summary>
    public OperationsException Translate(KafkaException e)
    {
        var silent = e.Error.Code is ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Resolve;
        return silent
            ? new OperationsException($"Kafka at {settings.BootstrapServers} does not answer: {e.Error.Reason.TrimEnd('.')}.", true, e)
            : new OperationsException($"Kafka refused ({e.Error.Code}): {e.Error.Reason.TrimEnd('.')}.", !e.Error.IsFatal, e);
    }

    private T Apply<T>(T config)
        where T : ClientConfig
    {
        config.BootstrapServers = settings.BootstrapServers;
        config.ClientId = $"millrace-operations-{Dns.GetHostName()}-{Environment.ProcessId}";
        foreach (var (key, value) in settings.KafkaSettings)
        {
            // What the services' own promises rest on is not the user's to change.
            if (config.All(setting => setting.Key != key))
                config.Set(key, value);
        }

        return config;
    }

    private static T Guard<T>(Func<T> build)
    {
        try
        {
            return build();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw new OperationsException($"The Kafka settings cannot be used: {(e.InnerException ?? e).Message}.", false, e);
        }
    }
}
