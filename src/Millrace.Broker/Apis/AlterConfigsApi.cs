using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// AlterConfigs, versions 0 to 2: other settings for a topic in place of all that it had; on disk and in effect when it is answered.
/// <para>Not as Kafka: settings of the broker do not change while it runs, and a setting that the broker does not act on is refused.</para>
/// </summary>
internal sealed class AlterConfigsApi(BrokerServices services) : Api<AlterConfigsRequest, AlterConfigsResponse>(minVersion: 0, maxVersion: 2)
{
    protected override async ValueTask<AlterConfigsResponse?> HandleAsync(AlterConfigsRequest request, RequestContext context)
    {
        var response = new AlterConfigsResponse();
        foreach (var resource in request.Resources)
        {
            var outcome = Authorization.Refusal(context)
                ?? ConfigResource.Refusal(resource.ResourceType, resource.ResourceName)
                ?? await services.Topics.ConfigureAsync(resource.ResourceName, _ => (Wanted(resource), null), request.ValidateOnly).ConfigureAwait(false);
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

    private static Dictionary<string, string> Wanted(AlterConfigsRequest.AlterConfigsResource resource)
    {
        var wanted = new Dictionary<string, string>();
        foreach (var config in resource.Configs)
        {
            if (config.Value is not null)
                wanted[config.Name] = config.Value;
        }

        return wanted;
    }
}
