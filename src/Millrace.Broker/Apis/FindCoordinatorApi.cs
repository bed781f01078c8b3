using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// FindCoordinator, versions 0 to 6 (4 on takes several keys): this node coordinates every group and every transaction. Share groups
/// are not there.
/// </summary>
internal sealed class FindCoordinatorApi(BrokerServices services)
    : Api<FindCoordinatorRequest, FindCoordinatorResponse>(minVersion: 0, maxVersion: 6)
{
    private const short SeveralKeys = 4;
    private const sbyte GroupKey = 0;
    private const sbyte TransactionKey = 1;

    protected override ValueTask<FindCoordinatorResponse?> HandleAsync(FindCoordinatorRequest request, RequestContext context)
    {
        var (error, message) = Check(request.KeyType);
        var isFound = error is ErrorCode.None;
        var node = isFound ? BrokerSettings.NodeId : -1;
        var host = isFound ? services.Settings.AdvertisedHost : "";
        var port = isFound ? services.AdvertisedPort : -1;

        var response = context.Version >= SeveralKeys
            ? new FindCoordinatorResponse
            {
                Coordinators = request.CoordinatorKeys.ConvertAll(key => new FindCoordinatorResponse.Coordinator
                {
                    Key = key,
                    NodeId = node,
                    Host = host,
                    Port = port,
                    ErrorCode = error,
                    ErrorMessage = message,
                }),
            }
            : new FindCoordinatorResponse { NodeId = node, Host = host, Port = port, ErrorCode = error, ErrorMessage = message };
        return ValueTask.FromResult<FindCoordinatorResponse?>(response);
    }

    private static (ErrorCode Error, string Message) Check(sbyte keyType) => keyType switch
    {
        GroupKey or TransactionKey => (ErrorCode.None, "NONE"),
        _ => (ErrorCode.InvalidRequest, $"There is no coordinator of type {keyType}."),
    };
}
