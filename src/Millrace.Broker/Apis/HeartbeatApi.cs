using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>Heartbeat, versions 0 to 4: keeps a member in its group, and tells it when the group rebalances. As Kafka.</summary>
internal sealed class HeartbeatApi(BrokerServices services) : Api<HeartbeatRequest, HeartbeatResponse>(minVersion: 0, maxVersion: 4)
{
    protected override ValueTask<HeartbeatResponse?> HandleAsync(HeartbeatRequest request, RequestContext context) =>
        ValueTask.FromResult<HeartbeatResponse?>(new()
        {
            ErrorCode = services.Groups.Heartbeat(request.GroupId, request.MemberId, request.GroupInstanceId, request.GenerationId),
        });
}
