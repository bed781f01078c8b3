namespace Millrace.Broker;

/// <summary>What a broker needs to start. All of it is checked once, at the start, with every error named.</summary>
public sealed class BrokerOptions
{
    /// <summary>
    /// The directory that holds topics, group offsets and the lock file. Made when absent. Default null: a temporary one, in memory
    /// where the system has a file system there (<c>/dev/shm</c>), that is deleted with the broker.
    /// </summary>
    public string? DataDirectory { get; set; }

    /// <summary>
    /// The address to listen on: an IP address or <c>localhost</c>. Default <c>127.0.0.1</c>. With either of these two the
    /// broker also listens on <c>[::1]</c> where it can, because <c>localhost</c> means that first to many clients.
    /// </summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>The TCP port, 0 to 65535; 0 takes a free one. Default 9092.</summary>
    public int Port { get; set; } = 9092;

    /// <summary>
    /// The host that clients are told to connect to. Default: <see cref="Host"/>, or <c>127.0.0.1</c> when that is
    /// <c>localhost</c>. Required when <see cref="Host"/> is <c>0.0.0.0</c> or <c>::</c>, to which nobody can connect.
    /// </summary>
    public string? AdvertisedHost { get; set; }

    /// <summary>
    /// The port that clients are told to connect to. Default: the one that is listened on. For a container or a tunnel that shows
    /// the broker under another one.
    /// </summary>
    public int? AdvertisedPort { get; set; }

    /// <summary>
    /// Whether to listen on an address that other machines reach although nobody has to log in. Default false: such a start is refused.
    /// </summary>
    public bool AllowUnauthenticated { get; set; }

    /// <summary>
    /// Who may connect, by name. Default nobody in particular: without users there is no login, and everybody who can connect may do everything.
    /// With one, every client has to log in, by PLAIN or SCRAM (<see cref="SaslMechanisms"/>).
    /// </summary>
    public IDictionary<string, BrokerUser> Users { get; } = new Dictionary<string, BrokerUser>(StringComparer.Ordinal);

    /// <summary>
    /// How users may log in: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512. Default all three (<c>sasl.enabled.mechanisms</c>). PLAIN shows the password to
    /// whoever listens where there is no TLS.
    /// </summary>
    public IList<string> SaslMechanisms { get; set; } = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"];

    /// <summary>
    /// A file with the certificate to show and its private key, PKCS#12 or PEM (<c>ssl.keystore.location</c>). Default null: no TLS. With it,
    /// clients must use TLS.
    /// </summary>
    public string? TlsFile { get; set; }

    /// <summary>The password of <see cref="TlsFile"/> (<c>ssl.keystore.password</c>). Default null: it has none. Never shown.</summary>
    public string? TlsPassword { get; set; }

    /// <summary>
    /// Settings under Kafka's own names, such as <c>num.partitions</c> or <c>log.retention.ms</c>, which win over the properties here. A
    /// name that the broker does not know, or a value that it cannot take, stops the start and is named. docs/broker.md lists them.
    /// </summary>
    public IDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Partitions of a topic that is created without a number. Default 1, as in Kafka.</summary>
    public int DefaultPartitions { get; set; } = 1;

    /// <summary>Whether a Metadata request for an unknown topic creates it. Default true, as in Kafka.</summary>
    public bool AutoCreateTopics { get; set; } = true;

    /// <summary>
    /// How long a group that was empty waits for more members before its first generation. Default 0: one process has
    /// nobody to wait for (Kafka's own default is 3 s).
    /// </summary>
    public TimeSpan GroupInitialRebalanceDelay { get; set; } = TimeSpan.Zero;

    /// <summary>The shortest session that a group member may ask for. Default 6 s, as in Kafka: shorter would take a pause for a death.</summary>
    public TimeSpan GroupMinSessionTimeout { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>The longest session that a group member may ask for. Default 30 minutes, as in Kafka: longer would leave partitions unread.</summary>
    public TimeSpan GroupMaxSessionTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// How long a member of the new group protocol may be silent before it is out (<c>group.consumer.session.timeout.ms</c>). Default 45 s, as in
    /// Kafka. Here the broker decides, not the client, within <see cref="ConsumerGroupMinSessionTimeout"/> and <see cref="ConsumerGroupMaxSessionTimeout"/>.
    /// </summary>
    public TimeSpan ConsumerGroupSessionTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>The least that <see cref="ConsumerGroupSessionTimeout"/> may be. Default 45 s, as in Kafka (<c>group.consumer.min.session.timeout.ms</c>).</summary>
    public TimeSpan ConsumerGroupMinSessionTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>The most that <see cref="ConsumerGroupSessionTimeout"/> may be. Default 60 s, as in Kafka (<c>group.consumer.max.session.timeout.ms</c>).</summary>
    public TimeSpan ConsumerGroupMaxSessionTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How often members of the new group protocol call, and so how soon they learn of a new assignment (<c>group.consumer.heartbeat.interval.ms</c>).
    /// Default 5 s, as in Kafka. A test that waits for rebalances wants less, and <see cref="ConsumerGroupMinHeartbeatInterval"/> with it.
    /// </summary>
    public TimeSpan ConsumerGroupHeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The least that <see cref="ConsumerGroupHeartbeatInterval"/> may be. Default 5 s, as in Kafka (<c>group.consumer.min.heartbeat.interval.ms</c>).</summary>
    public TimeSpan ConsumerGroupMinHeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most that <see cref="ConsumerGroupHeartbeatInterval"/> may be. Default 15 s, as in Kafka (<c>group.consumer.max.heartbeat.interval.ms</c>).</summary>
    public TimeSpan ConsumerGroupMaxHeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The least time between two assignments of a group of the new protocol (<c>group.consumer.assignment.interval.ms</c>). Default 0: one process
    /// has nobody to wait for (Kafka's own default is 1 s).
    /// </summary>
    public TimeSpan ConsumerGroupAssignmentInterval { get; set; } = TimeSpan.Zero;

    /// <summary>The least that <see cref="ConsumerGroupAssignmentInterval"/> may be. Default 0, as in Kafka (<c>group.consumer.min.assignment.interval.ms</c>).</summary>
    public TimeSpan ConsumerGroupMinAssignmentInterval { get; set; } = TimeSpan.Zero;

    /// <summary>The most that <see cref="ConsumerGroupAssignmentInterval"/> may be. Default 15 s, as in Kafka (<c>group.consumer.max.assignment.interval.ms</c>).</summary>
    public TimeSpan ConsumerGroupMaxAssignmentInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Members of one group of the new protocol (<c>group.consumer.max.size</c>). Default 1,000: each assignment goes over all of them.</summary>
    public int MaxConsumerGroupMembers { get; set; } = 1_000;

    /// <summary>
    /// How partitions may be distributed in the new group protocol: <c>uniform</c>, <c>range</c>. The first where no member asks for one. Default both
    /// in this order, as in Kafka (<c>group.consumer.assignors</c>).
    /// </summary>
    public IList<string> ConsumerGroupAssignors { get; set; } = ["uniform", "range"];

    /// <summary>The largest record batch that Produce accepts, in bytes. Default 1,048,588, as in Kafka.</summary>
    public int MaxMessageBytes { get; set; } = 1_048_588;

    /// <summary>
    /// The size at which a log file is complete and the next begins, 4 KiB to 1 GiB. Default 128 MiB: after a crash the last file of
    /// each partition is read from its beginning, which takes a fraction of a second at this size (Kafka's default is 1 GiB).
    /// </summary>
    public int SegmentBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>The age at which a log file is complete although it is not full. Default 7 days, as in Kafka (<c>log.roll.ms</c>).</summary>
    public TimeSpan SegmentAge { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long records are kept; <see cref="Timeout.InfiniteTimeSpan"/>: for ever. Default 7 days, as in Kafka (<c>log.retention.ms</c>). A
    /// topic may have its own (<c>retention.ms</c>).
    /// </summary>
    public TimeSpan LogRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The bytes of a partition over which its oldest records go; -1: any number is kept. Default -1, as in Kafka (<c>log.retention.bytes</c>).</summary>
    public long LogRetentionBytes { get; set; } = -1;

    /// <summary>How often it is looked for records to delete. Default 5 minutes, as in Kafka (<c>log.retention.check.interval.ms</c>).</summary>
    public TimeSpan LogRetentionCheckInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary><c>delete</c>, <c>compact</c> or <c>compact,delete</c>: what becomes of old records of a topic that does not say. Default delete.</summary>
    public string LogCleanupPolicy { get; set; } = "delete";

    /// <summary>How often it is looked for logs to compact. Default 15 s, as in Kafka (<c>log.cleaner.backoff.ms</c>).</summary>
    public TimeSpan LogCleanerBackoff { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a compacted topic keeps a record without a value. Default 24 hours, as in Kafka (<c>log.cleaner.delete.retention.ms</c>).
    /// </summary>
    public TimeSpan LogCleanerDeleteRetention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// The memory, in bytes, for the keys of what a compaction looks at; what does not fit is for the next one. Default 128 MiB, as in Kafka
    /// (<c>log.cleaner.dedupe.buffer.size</c>): a million keys of 50 bytes.
    /// </summary>
    public long LogCleanerDedupeBufferBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>
    /// The memory, in bytes, for what a compaction is reading and writing; a batch that is larger takes what it needs. Default 512 KiB, as in Kafka
    /// (<c>log.cleaner.io.buffer.size</c>).
    /// </summary>
    public int LogCleanerIoBufferBytes { get; set; } = 512 * 1024;

    /// <summary>
    /// <c>CreateTime</c> or <c>LogAppendTime</c>: whether records have their producer's time or the broker's. Default CreateTime.
    /// </summary>
    public string LogMessageTimestampType { get; set; } = "CreateTime";

    /// <summary>
    /// <c>strict</c>: acks=all is answered, and a record readable, after the fsync. <c>os</c>: as Kafka does, when the operating system has it; a
    /// crash of the process loses nothing, one of the machine loses the last seconds. Default strict. A topic may have its own (<c>flush.policy</c>).
    /// </summary>
    public string LogFlushPolicy { get; set; } = "strict";

    /// <summary>
    /// The largest request, in bytes, checked before memory is taken for it. Default 100 MiB, as in Kafka
    /// (<c>socket.request.max.bytes</c>).
    /// </summary>
    public int MaxRequestBytes { get; set; } = 100 * 1024 * 1024;

    /// <summary>
    /// The most record bytes in one Fetch answer, whatever the client asks for. Default 55 MiB, as in Kafka (<c>fetch.max.bytes</c>).
    /// </summary>
    public int MaxFetchBytes { get; set; } = 55 * 1024 * 1024;

    /// <summary>
    /// The memory for requests being received and answers being sent, over all connections, in bytes. Over it connections wait for
    /// each other. Default 256 MiB: two of the largest requests, or thousands of usual ones.
    /// </summary>
    public long MaxBufferedBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>Connections at a time; further ones are closed at once. Default 12,000: one that is idle costs a socket and some 4 KiB.</summary>
    public int MaxConnections { get; set; } = 12_000;

    /// <summary>
    /// How long a client may take to send the rest of a request that it began, or to take an answer. Default 30 s: longer than a
    /// pause that a living client makes, short enough that a dead one does not hold memory.
    /// </summary>
    public TimeSpan SlowClientTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may be silent. Default 10 minutes, as in Kafka (<c>connections.max.idle.ms</c>).</summary>
    public TimeSpan IdleConnectionTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Partitions of all topics together. Default 4,000: each holds at least one file open.</summary>
    public int MaxPartitions { get; set; } = 4_000;

    /// <summary>Consumer groups at a time. Default 10,000: each costs some kilobytes and a timer.</summary>
    public int MaxGroups { get; set; } = 10_000;

    /// <summary>Members of one group. Default 1,000: the leader is sent what each of them offers.</summary>
    public int MaxGroupMembers { get; set; } = 1_000;

    /// <summary>
    /// How long the offsets of a group are kept after its last member left and its last commit. Default 7 days, as in Kafka
    /// (<c>offsets.retention.minutes</c>).
    /// </summary>
    public TimeSpan OffsetsRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Idempotent producers that a partition remembers, to tell a repeated batch from a new one; over it the longest silent is
    /// forgotten. Default 20,000, some 5 MB.
    /// </summary>
    public int MaxProducersPerPartition { get; set; } = 20_000;

    /// <summary>The longest transaction that a producer may ask for. Default 15 minutes, as in Kafka (<c>transaction.max.timeout.ms</c>).</summary>
    public TimeSpan TransactionMaxTimeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long a transactional id is remembered after its last transaction. Default 7 days, as in Kafka (<c>transactional.id.expiration.ms</c>).
    /// </summary>
    public TimeSpan TransactionalIdExpiration { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Where time comes from. Default the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
