using System.Globalization;
using Millrace.Broker.Topics;

namespace Millrace.Broker.Apis;

/// <summary>The broker's settings under the names that Kafka has for them.</summary>
internal static class BrokerConfigs
{
    public static readonly string NodeName = Text(BrokerSettings.NodeId);

    public static IEnumerable<(string Name, string Value, ConfigType Type)> All(BrokerServices services)
    {
        var settings = services.Settings;
        return
        [
            ("advertised.listeners", $"PLAINTEXT://{settings.AdvertisedHost}:{services.AdvertisedPort}", ConfigType.String),
            ("auto.create.topics.enable", settings.AutoCreateTopics ? "true" : "false", ConfigType.Boolean),
            ("connections.max.idle.ms", Milliseconds(settings.IdleConnectionTimeout), ConfigType.Long),
            ("default.replication.factor", "1", ConfigType.Int),
            ("delete.topic.enable", "true", ConfigType.Boolean),
            ("fetch.max.bytes", Text(settings.MaxFetchBytes), ConfigType.Int),
            ("group.initial.rebalance.delay.ms", Milliseconds(settings.GroupInitialRebalanceDelay), ConfigType.Int),
            ("group.max.size", Text(settings.MaxGroupMembers), ConfigType.Int),
            ("log.dirs", settings.DataDirectory, ConfigType.String),
            ("max.connections", Text(settings.MaxConnections), ConfigType.Int),
            ("node.id", NodeName, ConfigType.Int),
            ("num.partitions", Text(settings.DefaultPartitions), ConfigType.Int),
            ("offsets.retention.minutes", Text((int)settings.OffsetsRetention.TotalMinutes), ConfigType.Int),
            ("socket.request.max.bytes", Text(settings.MaxRequestBytes), ConfigType.Int),
            .. TopicConfigKeys.All.Select(key => (key.BrokerName, key.Default(settings), key.Type)),
        ];
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan value) => ((long)value.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
