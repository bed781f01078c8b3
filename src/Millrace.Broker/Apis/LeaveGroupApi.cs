using Millrace.Broker.Groups;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// LeaveGroup, versions 0 to 5. Up to 2 one member leaves and its error is the answer's; from 3 on several, each with its own. A
/// member without an id but with an instance id is a static one that an administrator removes. As Kafka, also from a group of the new protocol.
/// </summary>
internal sealed class LeaveGroupApi(BrokerServices services) : Api<LeaveGroupRequest, LeaveGroupResponse>(minVersion: 0, maxVersion: 5)
{
    private const short SeveralMembers = 3;

    protected override ValueTask<LeaveGroupResponse?> HandleAsync(LeaveGroupRequest request, RequestContext context)
    {
        LeaveGroupResponse response;
        if (request.GroupId.Length == 0)
            response = new LeaveGroupResponse { ErrorCode = ErrorCode.InvalidGroupId };
        else if (context.Version < SeveralMembers)
            response = new LeaveGroupResponse { ErrorCode = Leave(request.GroupId, request.MemberId, null) };
        else
        {
            response = new LeaveGroupResponse
            {
                Members = request.Members.ConvertAll(m => new LeaveGroupResponse.MemberResponse
                {
                    MemberId = m.MemberId,
                    GroupInstanceId = m.GroupInstanceId,
                    ErrorCode = Leave(request.GroupId, m.MemberId, m.GroupInstanceId),
                }),
            };
        }

        return ValueTask.FromResult<LeaveGroupResponse?>(response);
    }

    private ErrorCode Leave(string group, string member, string? instance) => services.Groups.Leave(group, new LeavingMember(member, instance));
}
