using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// DeleteGroups, versions 0 to 2: groups without members, with their offsets. As Kafka: one with members gets NON_EMPTY_GROUP, one that is
/// not there GROUP_ID_NOT_FOUND.
/// </summary>
internal sealed class DeleteGroupsApi(BrokerServices services) : Api<DeleteGroupsRequest, DeleteGroupsResponse>(minVersion: 0, maxVersion: 2)
{
    protected override async ValueTask<DeleteGroupsResponse?> HandleAsync(DeleteGroupsRequest request, RequestContext context)
    {
        var response = new DeleteGroupsResponse();
        foreach (var group in request.GroupsNames.Distinct(StringComparer.Ordinal))
        {
            response.Results.Add(new()
            {
                GroupId = group,
                ErrorCode = context.MayWrite ? await services.Groups.DeleteAsync(group).ConfigureAwait(false) : ErrorCode.GroupAuthorizationFailed,
            });
        }

        return response;
    }
}
