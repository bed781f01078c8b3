using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>ListGroups, versions 0 to 5: every group with members or offsets, filtered by state (4 on) and type (5): classic or consumer. As Kafka.</summary>
internal sealed class ListGroupsApi(BrokerServices services) : Api<ListGroupsRequest, ListGroupsResponse>(minVersion: 0, maxVersion: 5)
{
    protected override ValueTask<ListGroupsResponse?> HandleAsync(ListGroupsRequest request, RequestContext context) =>
        ValueTask.FromResult<ListGroupsResponse?>(new()
        {
            Groups =
            [
                .. services.Groups.Listings
                    .Where(g => IsWanted(g.State, request.StatesFilter) && IsWanted(g.Type, request.TypesFilter))
                    .OrderBy(g => g.Id, StringComparer.Ordinal)
                    .Select(g => new ListGroupsResponse.ListedGroup
                    {
                        GroupId = g.Id, ProtocolType = g.ProtocolType, GroupState = g.State, GroupType = g.Type,
                    }),
            ],
        });

    private static bool IsWanted(string value, List<string> filter) =>
        filter.Count == 0 || filter.Contains(value, StringComparer.OrdinalIgnoreCase);
}
