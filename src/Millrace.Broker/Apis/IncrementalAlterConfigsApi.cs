using Millrace.Broker.Topics;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// IncrementalAlterConfigs, versions 0 and 1: single settings of a topic set, deleted, or (a list) added to and taken from; on disk and in effect
/// when it is answered.
/// <para>Not as Kafka: as with AlterConfigs.</para>
/// </summary>
internal sealed class IncrementalAlterConfigsApi(BrokerServices services)
    : Api<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(minVersion: 0, maxVersion: 1)
{
    private const sbyte Set = 0;
    private const sbyte Delete = 1;
    private const sbyte Append = 2;
    private const sbyte Subtract = 3;

    protected override async ValueTask<IncrementalAlterConfigsResponse?> HandleAsync(IncrementalAlterConfigsRequest request, RequestContext context)
    {
        var response = new IncrementalAlterConfigsResponse();
        foreach (var resource in request.Resources)
        {
            var outcome = Authorization.Refusal(context)
                ?? ConfigResource.Refusal(resource.ResourceType, resource.ResourceName)
                ?? await services.Topics.ConfigureAsync(resource.ResourceName, own => Change(own, resource.Configs), request.ValidateOnly).ConfigureAwait(false);
            response.Responses.Add(new()
            {
                ResourceType = resource.ResourceType,
                ResourceName = resource.ResourceName,
                ErrorCode = outcome.Error,
                ErrorMessage = outcome.Message,
            });
        }

        return response;
    }

    private (Dictionary<string, string>? Configs, string? Wrong) Change(
        IReadOnlyDictionary<string, string> own, List<IncrementalAlterConfigsRequest.AlterableConfig> changes)
    {
        var configs = new Dictionary<string, string>(own);
        foreach (var change in changes)
        {
            if (change.ConfigOperation == Delete)
            {
                configs.Remove(change.Name);
                continue;
            }

            if (change.Value is null)
                return (null, $"{change.Name} has no value to be set to.");
            if (change.ConfigOperation == Set)
            {
                configs[change.Name] = change.Value;
                continue;
            }

            var key = TopicConfigKeys.All.FirstOrDefault(k => k.Name == change.Name);
            if (change.ConfigOperation is not (Append or Subtract) || key is not { Type: ConfigType.List })
                return (null, $"{change.Name} cannot be changed by operation {change.ConfigOperation}.");
            var current = (configs.TryGetValue(key.Name, out var value) ? value : key.Default(services.Settings)).Split(',');
            var named = change.Value.Split(',');
            configs[key.Name] = string.Join(',', change.ConfigOperation == Append ? current.Union(named) : current.Except(named));
        }

        return (configs, null);
    }
}
