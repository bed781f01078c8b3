using Millrace.Broker.Groups;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// SyncGroup, versions 0 to 5: the leader brings the assignment, the others wait for it and get exactly the leader's bytes, or none
/// when it gave them none.
/// <para>Not as Kafka: the assignment is not stored. After a restart of the broker members find their group gone and join again.</para>
/// </summary>
internal sealed class SyncGroupApi(BrokerServices services) : Api<SyncGroupRequest, SyncGroupResponse>(minVersion: 0, maxVersion: 5)
{
    protected override async ValueTask<SyncGroupResponse?> HandleAsync(SyncGroupRequest request, RequestContext context)
    {
        var assignments = new Dictionary<string, byte[]>(request.Assignments.Count);
        foreach (var assignment in request.Assignments)
            assignments[assignment.MemberId] = assignment.Assignment.ToArray();

        var input = new SyncInput(request.MemberId, request.GroupInstanceId, request.GenerationId)
        {
            ProtocolType = request.ProtocolType,
            ProtocolName = request.ProtocolName,
            Assignments = assignments,
        };
        try
        {
            var result = await services.Groups.SyncAsync(request.GroupId, input).WaitAsync(context.Ending).ConfigureAwait(false);
            return new SyncGroupResponse
            {
                ErrorCode = result.Error,
                ProtocolType = result.ProtocolType,
                ProtocolName = result.ProtocolName,
                Assignment = result.Assignment,
            };
        }
        catch (OperationCanceledException)
        {
            return new SyncGroupResponse { ErrorCode = ErrorCode.CoordinatorNotAvailable };
        }
    }
}
