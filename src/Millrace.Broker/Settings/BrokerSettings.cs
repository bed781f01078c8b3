using System.Net;
using Millrace.Broker.Log;

namespace Millrace.Broker;

/// <summary><see cref="BrokerOptions"/> after the check: complete and unchanging.</summary>
internal sealed record BrokerSettings
{
    /// <summary>The id of the only node; Kafka's own quick start uses the same.</summary>
    public const int NodeId = 1;

    public required string DataDirectory { get; init; }

    public required IPAddress Address { get; init; }

    /// <summary>Whether to listen on <c>[::1]</c> too, if that can be had.</summary>
    public required bool AlsoIPv6Loopback { get; init; }

    public required int Port { get; init; }

    public required string AdvertisedHost { get; init; }

    /// <summary>Null: the one that is listened on.</summary>
    public required int? AdvertisedPort { get; init; }

    /// <summary>The names of Kafka's settings that were given at the start.</summary>
    public required IReadOnlySet<string> Given { get; init; }

    /// <summary>The data directory is ours alone and goes with the broker.</summary>
    public required bool IsTemporary { get; init; }

    public required int DefaultPartitions { get; init; }

    public required bool AutoCreateTopics { get; init; }

    public required TimeSpan GroupInitialRebalanceDelay { get; init; }

    public required TimeSpan GroupMinSessionTimeout { get; init; }

    public required TimeSpan GroupMaxSessionTimeout { get; init; }

    public required TimeSpan ConsumerGroupSessionTimeout { get; init; }

    public required TimeSpan ConsumerGroupMinSessionTimeout { get; init; }

    public required TimeSpan ConsumerGroupMaxSessionTimeout { get; init; }

    public required TimeSpan ConsumerGroupHeartbeatInterval { get; init; }

    public required TimeSpan ConsumerGroupMinHeartbeatInterval { get; init; }

    public required TimeSpan ConsumerGroupMaxHeartbeatInterval { get; init; }

    public required TimeSpan ConsumerGroupAssignmentInterval { get; init; }

    public required TimeSpan ConsumerGroupMinAssignmentInterval { get; init; }

    public required TimeSpan ConsumerGroupMaxAssignmentInterval { get; init; }

    public required int MaxConsumerGroupMembers { get; init; }

    public required IReadOnlyList<string> ConsumerGroupAssignors { get; init; }

    public required int MaxMessageBytes { get; init; }

    public required int SegmentBytes { get; init; }

    public required TimeSpan SegmentAge { get; init; }

    public required TimeSpan LogRetention { get; init; }

    public required long LogRetentionBytes { get; init; }

    public required TimeSpan LogRetentionCheckInterval { get; init; }

    public required string LogCleanupPolicy { get; init; }

    public required TimeSpan LogCleanerBackoff { get; init; }

    public required TimeSpan LogCleanerDeleteRetention { get; init; }

    public required long LogCleanerDedupeBufferBytes { get; init; }

    public required int LogCleanerIoBufferBytes { get; init; }

    public required string LogMessageTimestampType { get; init; }

    public required string LogFlushPolicy { get; init; }

    public required TimeSpan TransactionMaxTimeout { get; init; }

    public required TimeSpan TransactionalIdExpiration { get; init; }

    public required int MaxRequestBytes { get; init; }

    public required int MaxFetchBytes { get; init; }

    public required long MaxBufferedBytes { get; init; }

    public required int MaxConnections { get; init; }

    public required TimeSpan SlowClientTimeout { get; init; }

    public required TimeSpan IdleConnectionTimeout { get; init; }

    public required int MaxPartitions { get; init; }

    public required int MaxGroups { get; init; }

    public required int MaxGroupMembers { get; init; }

    public required TimeSpan OffsetsRetention { get; init; }

    public required int MaxProducersPerPartition { get; init; }

    public required IReadOnlyDictionary<string, BrokerUser> Users { get; init; }

    public required IReadOnlyList<string> SaslMechanisms { get; init; }

    /// <summary>Null: no TLS.</summary>
    public required string? TlsFile { get; init; }

    public required string? TlsPassword { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>What Kafka calls the way in which clients must connect.</summary>
    public string SecurityProtocol => (Users.Count > 0 ? "SASL_" : "") + (TlsFile is null ? "PLAINTEXT" : "SSL");

    /// <summary>What writes and flushes logs; another one than the system's only in tests.</summary>
    public IDisk Disk { get; init; } = SystemDisk.Instance;
}
