using Millrace.Broker.Groups;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// DescribeGroups, versions 0 to 6: a group's state and, when it is stable, who reads what. As Kafka: a group that does
/// not exist, or is one of the new protocol, is "Dead", and from 6 on GROUP_ID_NOT_FOUND as well.
/// </summary>
internal sealed class DescribeGroupsApi(BrokerServices services)
    : Api<DescribeGroupsRequest, DescribeGroupsResponse>(minVersion: 0, maxVersion: 6)
{
    private const short TellsNotFound = 6;

    protected override ValueTask<DescribeGroupsResponse?> HandleAsync(DescribeGroupsRequest request, RequestContext context) =>
        ValueTask.FromResult<DescribeGroupsResponse?>(new()
        {
            Groups = request.Groups.ConvertAll(id => services.Groups.Describe(id) switch
            {
                ({ } group, _) => Describe(group),
                (_, var missing) => NotFound(id, missing, context.Version),
            }),
        });

    private static DescribeGroupsResponse.DescribedGroup NotFound(string id, string? message, short version) => new()
    {
        GroupId = id,
        GroupState = nameof(GroupState.Dead),
        ErrorCode = version >= TellsNotFound ? ErrorCode.GroupIdNotFound : ErrorCode.None,
        ErrorMessage = message,
    };

    private static DescribeGroupsResponse.DescribedGroup Describe(GroupView group) => new()
    {
        GroupId = group.Id,
        GroupState = group.State.ToString(),
        ProtocolType = group.ProtocolType,
        ProtocolData = group.Protocol,
        Members =
        [
            .. group.Members.Select(m => new DescribeGroupsResponse.DescribedGroupMember
            {
                MemberId = m.Id,
                GroupInstanceId = m.InstanceId,
                ClientId = m.ClientId,
                ClientHost = m.ClientHost,
                MemberMetadata = m.Metadata,
                MemberAssignment = m.Assignment,
            }),
        ],
    };
}
