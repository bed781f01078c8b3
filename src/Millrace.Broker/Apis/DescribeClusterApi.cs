using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// DescribeCluster, versions 0 to 2: the one node, which is its own controller.
/// <para>Not as Kafka: there are no separate controllers to describe, so from 1 on that endpoint type is refused.</para>
/// </summary>
internal sealed class DescribeClusterApi(BrokerServices services)
    : Api<DescribeClusterRequest, DescribeClusterResponse>(minVersion: 0, maxVersion: 2)
{
    private const sbyte Brokers = 1;
    private const sbyte Controllers = 2;

    protected override ValueTask<DescribeClusterResponse?> HandleAsync(DescribeClusterRequest request, RequestContext context)
    {
        if (request.EndpointType != Brokers)
        {
            return ValueTask.FromResult<DescribeClusterResponse?>(new()
            {
                ErrorCode = request.EndpointType == Controllers ? ErrorCode.MismatchedEndpointType : ErrorCode.UnsupportedEndpointType,
                ErrorMessage = "This endpoint is a broker's.",
                EndpointType = request.EndpointType,
            });
        }

        return ValueTask.FromResult<DescribeClusterResponse?>(new()
        {
            ClusterId = services.ClusterId,
            ControllerId = BrokerSettings.NodeId,
            Brokers =
            [
                new DescribeClusterResponse.DescribeClusterBroker
                {
                    BrokerId = BrokerSettings.NodeId,
                    Host = services.Settings.AdvertisedHost,
                    Port = services.AdvertisedPort,
                },
            ],
        });
    }
}
