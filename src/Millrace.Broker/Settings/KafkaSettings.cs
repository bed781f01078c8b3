using System.Globalization;
using Millrace.Broker.Topics;

namespace Millrace.Broker;

/// <summary>
/// Every setting of the broker that has a name in Kafka, in the order of the alphabet. A name that is not here is refused: a broker that
/// takes a setting and does nothing with it surprises later.
/// </summary>
internal static class KafkaSettings
{
    public static readonly IReadOnlyList<KafkaSetting> All =
    [
        new("advertised.listeners", ConfigType.String, s => ListenerText.Of(s.SecurityProtocol, s.AdvertisedHost, s.AdvertisedPort ?? s.Port), WriteAdvertised, ListenerText.Expected),
        KafkaSetting.Boolean("auto.create.topics.enable", s => s.AutoCreateTopics, (o, v) => o.AutoCreateTopics = v),
        KafkaSetting.Milliseconds("connections.max.idle.ms", s => s.IdleConnectionTimeout, (o, v) => o.IdleConnectionTimeout = v),
        KafkaSetting.Fixed("default.replication.factor", ConfigType.Int, "1"),
        KafkaSetting.Fixed("delete.topic.enable", ConfigType.Boolean, "true"),
        KafkaSetting.Int("fetch.max.bytes", s => s.MaxFetchBytes, (o, v) => o.MaxFetchBytes = v),
        KafkaSetting.Milliseconds("group.consumer.assignment.interval.ms", s => s.ConsumerGroupAssignmentInterval, (o, v) => o.ConsumerGroupAssignmentInterval = v),
        new("group.consumer.assignors", ConfigType.List, s => string.Join(',', s.ConsumerGroupAssignors), (o, v) => (o.ConsumerGroupAssignors = v.Split(',')).Count > 0, "a list"),
        KafkaSetting.Milliseconds("group.consumer.heartbeat.interval.ms", s => s.ConsumerGroupHeartbeatInterval, (o, v) => o.ConsumerGroupHeartbeatInterval = v),
        KafkaSetting.Milliseconds("group.consumer.max.assignment.interval.ms", s => s.ConsumerGroupMaxAssignmentInterval, (o, v) => o.ConsumerGroupMaxAssignmentInterval = v),
        KafkaSetting.Milliseconds("group.consumer.max.heartbeat.interval.ms", s => s.ConsumerGroupMaxHeartbeatInterval, (o, v) => o.ConsumerGroupMaxHeartbeatInterval = v),
        KafkaSetting.Milliseconds("group.consumer.max.session.timeout.ms", s => s.ConsumerGroupMaxSessionTimeout, (o, v) => o.ConsumerGroupMaxSessionTimeout = v),
        KafkaSetting.Int("group.consumer.max.size", s => s.MaxConsumerGroupMembers, (o, v) => o.MaxConsumerGroupMembers = v),
        KafkaSetting.Fixed("group.consumer.migration.policy", ConfigType.String, "disabled"),
        KafkaSetting.Milliseconds("group.consumer.min.assignment.interval.ms", s => s.ConsumerGroupMinAssignmentInterval, (o, v) => o.ConsumerGroupMinAssignmentInterval = v),
        KafkaSetting.Milliseconds("group.consumer.min.heartbeat.interval.ms", s => s.ConsumerGroupMinHeartbeatInterval, (o, v) => o.ConsumerGroupMinHeartbeatInterval = v),
        KafkaSetting.Milliseconds("group.consumer.min.session.timeout.ms", s => s.ConsumerGroupMinSessionTimeout, (o, v) => o.ConsumerGroupMinSessionTimeout = v),
        KafkaSetting.Milliseconds("group.consumer.session.timeout.ms", s => s.ConsumerGroupSessionTimeout, (o, v) => o.ConsumerGroupSessionTimeout = v),
        KafkaSetting.Milliseconds("group.initial.rebalance.delay.ms", s => s.GroupInitialRebalanceDelay, (o, v) => o.GroupInitialRebalanceDelay = v),
        KafkaSetting.Milliseconds("group.max.session.timeout.ms", s => s.GroupMaxSessionTimeout, (o, v) => o.GroupMaxSessionTimeout = v),
        KafkaSetting.Int("group.max.size", s => s.MaxGroupMembers, (o, v) => o.MaxGroupMembers = v),
        KafkaSetting.Milliseconds("group.min.session.timeout.ms", s => s.GroupMinSessionTimeout, (o, v) => o.GroupMinSessionTimeout = v),
        new("listeners", ConfigType.String, s => ListenerText.Of(s.SecurityProtocol, s.Address.ToString(), s.Port), WriteListener, ListenerText.Expected),
        KafkaSetting.Milliseconds("log.cleaner.backoff.ms", s => s.LogCleanerBackoff, (o, v) => o.LogCleanerBackoff = v),
        KafkaSetting.Long("log.cleaner.dedupe.buffer.size", s => s.LogCleanerDedupeBufferBytes, (o, v) => o.LogCleanerDedupeBufferBytes = v),
        KafkaSetting.Milliseconds("log.cleaner.delete.retention.ms", s => s.LogCleanerDeleteRetention, (o, v) => o.LogCleanerDeleteRetention = v),
        KafkaSetting.Int("log.cleaner.io.buffer.size", s => s.LogCleanerIoBufferBytes, (o, v) => o.LogCleanerIoBufferBytes = v),
        KafkaSetting.OfTopic(TopicConfigKeys.CleanupPolicy, s => s.LogCleanupPolicy, (o, v) => o.LogCleanupPolicy = v),
        new("log.dirs", ConfigType.String, s => s.DataDirectory, (o, v) => (o.DataDirectory = v).Length > 0, "a directory"),
        KafkaSetting.OfTopic(TopicConfigKeys.FlushPolicy, s => s.LogFlushPolicy, (o, v) => o.LogFlushPolicy = v),
        KafkaSetting.OfTopic(TopicConfigKeys.TimestampType, s => s.LogMessageTimestampType, (o, v) => o.LogMessageTimestampType = v),
        KafkaSetting.Long("log.retention.bytes", s => s.LogRetentionBytes, (o, v) => o.LogRetentionBytes = v),
        KafkaSetting.Milliseconds("log.retention.check.interval.ms", s => s.LogRetentionCheckInterval, (o, v) => o.LogRetentionCheckInterval = v),
        KafkaSetting.Time("log.retention.hours", TimeSpan.FromHours(1), s => s.LogRetention, (o, v) => o.LogRetention = v),
        KafkaSetting.Time("log.retention.minutes", TimeSpan.FromMinutes(1), s => s.LogRetention, (o, v) => o.LogRetention = v),
        KafkaSetting.Milliseconds("log.retention.ms", s => s.LogRetention, (o, v) => o.LogRetention = v),
        KafkaSetting.Time("log.roll.hours", TimeSpan.FromHours(1), s => s.SegmentAge, (o, v) => o.SegmentAge = v),
        KafkaSetting.Milliseconds("log.roll.ms", s => s.SegmentAge, (o, v) => o.SegmentAge = v),
        KafkaSetting.Int("log.segment.bytes", s => s.SegmentBytes, (o, v) => o.SegmentBytes = v),
        KafkaSetting.Int("max.connections", s => s.MaxConnections, (o, v) => o.MaxConnections = v),
        KafkaSetting.Int("message.max.bytes", s => s.MaxMessageBytes, (o, v) => o.MaxMessageBytes = v),
        KafkaSetting.Fixed("min.insync.replicas", ConfigType.Int, "1"),
        KafkaSetting.Fixed("node.id", ConfigType.Int, NodeName),
        KafkaSetting.Int("num.partitions", s => s.DefaultPartitions, (o, v) => o.DefaultPartitions = v),
        KafkaSetting.Time("offsets.retention.minutes", TimeSpan.FromMinutes(1), s => s.OffsetsRetention, (o, v) => o.OffsetsRetention = v),
        new("sasl.enabled.mechanisms", ConfigType.List, s => string.Join(',', s.SaslMechanisms), (o, v) => (o.SaslMechanisms = v.Split(',')).Count > 0, "a list"),
        KafkaSetting.Int("socket.request.max.bytes", s => s.MaxRequestBytes, (o, v) => o.MaxRequestBytes = v),
        new("ssl.keystore.location", ConfigType.String, s => s.TlsFile ?? "", (o, v) => (o.TlsFile = v.Length == 0 ? null : v) is null or { Length: > 0 }, "a file"),
        new("ssl.keystore.password", ConfigType.Password, _ => "", (o, v) => (o.TlsPassword = v.Length == 0 ? null : v) is null or { Length: > 0 }, "a password"),
        KafkaSetting.Milliseconds("transaction.max.timeout.ms", s => s.TransactionMaxTimeout, (o, v) => o.TransactionMaxTimeout = v),
        KafkaSetting.Milliseconds("transactional.id.expiration.ms", s => s.TransactionalIdExpiration, (o, v) => o.TransactionalIdExpiration = v),
    ];

    private static readonly BrokerSettings Untouched = BrokerOptionsCheck.ToSettings(new BrokerOptions());

    public static string NodeName => BrokerSettings.NodeId.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether nobody gave this setting, under any name, or gave what holds anyway.</summary>
    public static bool IsDefault(BrokerSettings settings, string name) =>
        All.FirstOrDefault(s => s.Name == name) is not { } setting || (!settings.Given.Contains(name) && setting.Read(settings) == setting.Read(Untouched));

    /// <summary>Puts what was given under Kafka's names into the options.</summary>
    /// <returns>What is wrong with it, each error naming its setting.</returns>
    public static IEnumerable<string> Apply(BrokerOptions options)
    {
        foreach (var name in options.Settings.Keys.Where(name => All.All(s => s.Name != name)).Order(StringComparer.Ordinal))
            yield return $"this broker has no setting {name}{Nearest(name)}";

        // In the order of the table, so that where two settings say the same in two units the finer one has the last word.
        foreach (var setting in All)
        {
            if (options.Settings.TryGetValue(setting.Name, out var value) && !setting.Write(options, value))
                yield return $"{setting.Name} is \"{value}\", it must be {setting.Expected}";
        }
    }

    private static string Nearest(string name)
    {
        var last = name[(name.LastIndexOf('.') + 1)..];
        var like = All.Where(s => s.Name.EndsWith(last, StringComparison.Ordinal)).Select(s => s.Name).Take(2).ToList();
        return like.Count == 0 ? "" : $" (there is {string.Join(" and ", like)})";
    }

    private static bool WriteListener(BrokerOptions options, string value)
    {
        if (!ListenerText.TryParse(value, out var host, out var port))
            return false;
        options.Host = host.Length == 0 ? "0.0.0.0" : host;
        options.Port = port;
        return true;
    }

    private static bool WriteAdvertised(BrokerOptions options, string value)
    {
        if (!ListenerText.TryParse(value, out var host, out var port) || host.Length == 0)
            return false;
        options.AdvertisedHost = host;
        options.AdvertisedPort = port == 0 ? null : port;
        return true;
    }
}
