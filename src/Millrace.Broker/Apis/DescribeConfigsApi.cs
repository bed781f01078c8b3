using Millrace.Broker.Topics;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// DescribeConfigs, versions 1 to 4: the settings of topics and of the broker as they are in effect, with (on request) where
/// they come from.
/// <para>Not as Kafka: only settings that this broker acts on are listed, and no documentation. Loggers and client metrics
/// cannot be described.</para>
/// </summary>
internal sealed class DescribeConfigsApi(BrokerServices services)
    : Api<DescribeConfigsRequest, DescribeConfigsResponse>(minVersion: 1, maxVersion: 4)
{
    private const sbyte TopicResource = 2;
    private const sbyte BrokerResource = 4;

    protected override ValueTask<DescribeConfigsResponse?> HandleAsync(DescribeConfigsRequest request, RequestContext context) =>
        ValueTask.FromResult<DescribeConfigsResponse?>(new()
        {
            Results = request.Resources.ConvertAll(resource => Describe(resource, request.IncludeSynonyms)),
        });

    private DescribeConfigsResponse.DescribeConfigsResult Describe(DescribeConfigsRequest.DescribeConfigsResource resource, bool withSynonyms)
    {
        var (configs, error, message) = resource.ResourceType switch
        {
            TopicResource => OfTopic(resource.ResourceName, withSynonyms),
            BrokerResource => OfBroker(resource.ResourceName),
            _ => ([], ErrorCode.InvalidRequest, $"Resources of type {resource.ResourceType} cannot be described."),
        };
        var wanted = resource.ConfigurationKeys;
        return new()
        {
            ResourceType = resource.ResourceType,
            ResourceName = resource.ResourceName,
            ErrorCode = error,
            ErrorMessage = message,
            Configs = wanted is null ? configs : configs.FindAll(c => wanted.Contains(c.Name)),
        };
    }

    private (List<DescribeConfigsResponse.DescribeConfigsResourceResult> Configs, ErrorCode Error, string? Message) OfTopic(string name, bool withSynonyms)
    {
        if (!TopicName.IsValid(name))
            return ([], ErrorCode.InvalidTopicException, $"\"{name}\" is not a topic name.");
        if (services.Topics.Find(name) is not { } topic)
            return ([], ErrorCode.UnknownTopicOrPartition, $"There is no topic {name}.");

        return ([.. TopicConfigKeys.All.Select(key => Describe(topic.Config, key, withSynonyms))], ErrorCode.None, null);
    }

    private DescribeConfigsResponse.DescribeConfigsResourceResult Describe(TopicConfig config, TopicConfigKey key, bool withSynonyms)
    {
        var result = new DescribeConfigsResponse.DescribeConfigsResourceResult
        {
            Name = key.Name,
            Value = config.ValueOf(key),
            ConfigSource = ConfigSource.Of(config, key),
            ConfigType = (sbyte)key.Type,
            Documentation = null,
        };
        if (!withSynonyms)
            return result;

        if (config.Own.TryGetValue(key.Name, out var own))
            result.Synonyms.Add(new() { Name = key.Name, Value = own, Source = ConfigSource.Topic });
        result.Synonyms.Add(new() { Name = key.BrokerName, Value = key.Default(services.Settings), Source = ConfigSource.OfBroker(services.Settings, key.BrokerName) });
        return result;
    }

    private (List<DescribeConfigsResponse.DescribeConfigsResourceResult> Configs, ErrorCode Error, string? Message) OfBroker(string name)
    {
        // The empty name asks for what all brokers have by default and can be changed while they run: nothing.
        if (name.Length == 0)
            return ([], ErrorCode.None, null);
        if (name != KafkaSettings.NodeName)
            return ([], ErrorCode.InvalidRequest, $"There is no broker {name}, only {KafkaSettings.NodeName}.");

        return ([.. KafkaSettings.All.Select(setting => new DescribeConfigsResponse.DescribeConfigsResourceResult
        {
            Name = setting.Name,
            Value = setting.Type is ConfigType.Password ? null : setting.Read(services.Settings),
            IsSensitive = setting.Type is ConfigType.Password,
            ReadOnly = true,
            ConfigSource = ConfigSource.OfBroker(services.Settings, setting.Name),
            ConfigType = (sbyte)setting.Type,
            Documentation = null,
        })], ErrorCode.None, null);
    }
}
