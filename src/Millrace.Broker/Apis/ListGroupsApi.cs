using Millrace.Broker.Groups;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// ListGroups, versions 0 to 5: every group with members or offsets, filtered by state (4 on) and type (5). As Kafka,
/// where every group is of type "classic": there are no others here.
/// </summary>
internal sealed class ListGroupsApi(BrokerServices services) : Api<ListGroupsRequest, ListGroupsResponse>(minVersion: 0, maxVersion: 5)
{
    private const string OnlyType = "classic";

    protected override ValueTask<ListGroupsResponse?> HandleAsync(ListGroupsRequest request, RequestContext context)
    {
        var groups = IsWanted(OnlyType, request.TypesFilter)
            ? services.Groups.Views.Where(g => g.State is not GroupState.Dead && IsWanted(g.State.ToString(), request.StatesFilter))
            : [];
        return ValueTask.FromResult<ListGroupsResponse?>(new()
        {
            Groups =
            [
                .. groups.OrderBy(g => g.Id, StringComparer.Ordinal).Select(g => new ListGroupsResponse.ListedGroup
                {
                    GroupId = g.Id, ProtocolType = g.ProtocolType, GroupState = g.State.ToString(), GroupType = OnlyType,
                }),
            ],
        });
    }

    private static bool IsWanted(string value, List<string> filter) =>
        filter.Count == 0 || filter.Contains(value, StringComparer.OrdinalIgnoreCase);
}
