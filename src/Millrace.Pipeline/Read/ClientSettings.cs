using System.Net;
using Confluent.Kafka;
using Millrace.Events;
using Millrace.Pipeline.Ingest;

namespace Millrace.Pipeline.Read;

/// <summary>The settings of the Kafka clients, each with its reason. What the user gives as <c>KafkaSettings</c> wins, but for
/// those that correctness rests on, which are refused at the start.</summary>
internal static class ClientSettings
{
    // The thread that takes the answers of a producer or admin client looks up this often although an answer wakes it at once (100 ms by default); all
    // that waits for it is the client's end. A process with nothing to do is mostly made of such looks.
    private const int LookUpMs = 500;

    private static readonly HashSet<string> OfConsumer = new(StringComparer.Ordinal)
    {
        "group.id", "group.protocol", "enable.auto.commit", "enable.auto.offset.store", "auto.offset.reset",
        "isolation.level", "partition.assignment.strategy", "consume.callback.max.messages", "dotnet.consumer.consume.result.fields",
    };

    private static readonly HashSet<string> OfProducer = new(StringComparer.Ordinal)
    {
        "enable.idempotence", "acks", "request.required.acks", "partitioner", "transactional.id", "max.in.flight",
        "max.in.flight.requests.per.connection", "dotnet.producer.delivery.report.fields", "dotnet.producer.enable.delivery.reports",
    };

    /// <summary>Whether the setting is one that the pipeline's correctness rests on.</summary>
    public static bool BelongsToConsumer(string key) => OfConsumer.Contains(key);

    /// <summary>Whether the setting is one that ingest's promises rest on.</summary>
    public static bool BelongsToProducer(string key) => OfProducer.Contains(key);

    public static ConsumerConfig Consumer(PipelineOptions options) => Apply(options.KafkaSettings, new ConsumerConfig
    {
        BootstrapServers = options.BootstrapServers,
        GroupId = options.GroupId,
        ClientId = ClientId,

        // Positions come from PostgreSQL. Kafka's copy serves its tools alone, so it may lag and may fail: offsets are stored by hand after
        // the commit in PostgreSQL, and librdkafka sends them in the background, when partitions leave, and at the end.
        EnableAutoOffsetStore = false,
        EnableAutoCommit = true,
        AutoCommitIntervalMs = 1000,

        // A position outside the log is a fault that a person must see, not a reason to skip or repeat everything.
        AutoOffsetReset = AutoOffsetReset.Error,
        AllowAutoCreateTopics = false,
        PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,

        // After a kill -9 the group waits this long for the dead member (45 s by default). Heartbeats have a thread of their own, so
        // a slow flush or a long garbage collection does not miss them.
        SessionTimeoutMs = 10_000,
        HeartbeatIntervalMs = 3_000,

        // Prefetch: 16 MB are 50,000 events of 300 bytes, several transactions ahead. With the default backoff of 1 s a full queue is
        // looked at again only when it has long been empty.
        QueuedMaxMessagesKbytes = 16 * 1024,
        FetchQueueBackoffMs = 5,

        // A record ends the wait of a fetch at once; the longer it may be, the less two idle processes keep each other awake (500 ms by default). A connection
        // answers in turn, so it is also how long a partition that has just come waits for its first fetch, and less than what a question gets.
        FetchWaitMaxMs = 1_000,

        // A bit that flipped on the way must not become a row.
        CheckCrcs = true,
        SocketNagleDisable = true,

        // A broker that was restarted is back in seconds; the default waits up to 10 s.
        ReconnectBackoffMaxMs = 1_000,
        ConsumeResultFields = "timestamp,headers",

        // A topic that gets more partitions is noticed within this time (5 min by default), and then shared out in the group.
        TopicMetadataRefreshIntervalMs = 30_000,
    });

    public static ProducerConfig Producer(IngestOptions options) => Apply(options.KafkaSettings, new ProducerConfig
    {
        BootstrapServers = options.BootstrapServers,
        ClientId = ClientId,

        // Acknowledged means stored by all replicas in sync, once, and in the order of each user.
        EnableIdempotence = true,
        Acks = Acks.All,
        MessageTimeoutMs = (int)options.AcknowledgeTimeout.TotalMilliseconds,

        // The same user goes to the same partition as from the Java clients.
        Partitioner = Partitioner.Murmur2Random,

        // Requests that come within five milliseconds share a batch. Shorter costs more than it saves: an idempotent producer may have five requests in
        // flight, one for each partition, and while all are out and more is due librdkafka's thread spins.
        LingerMs = 5,

        // An event of 1 MiB with its frame is more than a broker takes by default (1 MiB and 12 bytes) unless it is compressed.
        CompressionType = CompressionType.Lz4,
        MessageMaxBytes = 2 * EnvelopeReader.MaxBytes,

        // What may wait is bounded at the door, so this only must not be the smaller bound.
        QueueBufferingMaxMessages = 2 * options.MaxWaitingEvents,
        QueueBufferingMaxKbytes = 2 * (options.MaxWaitingBytes / 1024) + 1024,
        DeliveryReportFields = "none",
        SocketNagleDisable = true,
        ReconnectBackoffMaxMs = 1_000,
        CancellationDelayMaxMs = LookUpMs,
    });

    public static AdminClientConfig Admin(PipelineOptions options) => Apply(options.KafkaSettings, new AdminClientConfig
    {
        BootstrapServers = options.BootstrapServers,
        ClientId = ClientId,
        SocketNagleDisable = true,
        CancellationDelayMaxMs = LookUpMs,
    });

    private static string ClientId => $"millrace-{Dns.GetHostName()}-{Environment.ProcessId}";

    private static T Apply<T>(IDictionary<string, string> settings, T config)
        where T : ClientConfig
    {
        foreach (var (key, value) in settings)
            config.Set(key, value);
        return config;
    }
}
