using System.Net;
using Confluent.Kafka;

namespace Millrace.Pipeline.Read;

/// <summary>The settings of the Kafka clients, each with its reason. What the user gives in <see cref="PipelineOptions.KafkaSettings"/> wins.</summary>
internal static class ClientSettings
{
    public static ConsumerConfig Consumer(PipelineOptions options) => Apply(options, new ConsumerConfig
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

        // A fetch is answered as soon as there is anything. Only one fetch is under way to a broker, and a partition that was just
        // assigned or resumed waits for its end; so an idle one is kept short.
        FetchMinBytes = 1,
        FetchWaitMaxMs = 100,

        // A bit that flipped on the way must not become a row.
        CheckCrcs = true,
        SocketNagleDisable = true,

        // A broker that was restarted is back in seconds; the default waits up to 10 s.
        ReconnectBackoffMaxMs = 1_000,
        ConsumeResultFields = "timestamp",
    });

    public static AdminClientConfig Admin(PipelineOptions options) => Apply(options, new AdminClientConfig
    {
        BootstrapServers = options.BootstrapServers,
        ClientId = ClientId,
        SocketNagleDisable = true,
    });

    private static string ClientId => $"millrace-{Dns.GetHostName()}-{Environment.ProcessId}";

    private static T Apply<T>(PipelineOptions options, T config)
        where T : ClientConfig
    {
        foreach (var (key, value) in options.KafkaSettings)
            config.Set(key, value);
        return config;
    }
}
