using Millrace.Broker.Groups;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// DescribeGroups, versions 0 to 6: a group's state and, when it is stable, who reads what. As Kafka: a group that does
/// not exist is "Dead", and from 6 on GROUP_ID_NOT_FOUND as well.
/// </summary>
internal sealed class DescribeGroupsApi(BrokerServices services)
    : Api<DescribeGroupsRequest, DescribeGroupsResponse>(minVersion: 0, maxVersion: 6)
{
    private const short TellsNotFound = 6;

    protected override ValueTask<DescribeGroupsResponse?> HandleAsync(DescribeGroupsRequest request, RequestContext context) =>
        ValueTask.FromResult<DescribeGroupsResponse?>(new()
        {
            Groups = request.Groups.ConvertAll(id => services.Groups.View(id) is { State: not GroupState.Dead } group
                ? Describe(group)
                : NotFound(id, context.Version)),
        });

    private static DescribeGroupsResponse.DescribedGroup NotFound(string id, short version) => new()
    {
        GroupId = id,
        GroupState = nameof(GroupState.Dead),
        ErrorCode = version >= TellsNotFound ? ErrorCode.GroupIdNotFound : ErrorCode.None,
        ErrorMessage = $"Group {id} not found.",
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
