using Millrace.Broker.Topics;

namespace Millrace.Broker;

/// <summary>Kafka's numbers for where a setting comes from.</summary>
internal static class ConfigSource
{
    /// <summary>The topic's own.</summary>
    public const sbyte Topic = 1;

    /// <summary>Given to the broker when it was started.</summary>
    public const sbyte StaticBroker = 4;

    public const sbyte Default = 5;

    public static sbyte Of(TopicConfig config, TopicConfigKey key) => config.Own.ContainsKey(key.Name) ? Topic : OfBroker(config.Broker, key.BrokerName);

    public static sbyte OfBroker(BrokerSettings settings, string name) => KafkaSettings.IsDefault(settings, name) ? Default : StaticBroker;
}
