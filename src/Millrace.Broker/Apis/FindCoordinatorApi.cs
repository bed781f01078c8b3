using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// FindCoordinator, versions 0 to 6 (4 on takes several keys): this node coordinates every group.
/// <para>Not there: transactions. TRANSACTIONAL_ID_AUTHORIZATION_FAILED is the one answer that both librdkafka and the Java client
/// take as final; with any other they would ask again for ever.</para>
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
        GroupKey => (ErrorCode.None, "NONE"),
        TransactionKey => (ErrorCode.TransactionalIdAuthorizationFailed, "This broker has no transactions."),
        _ => (ErrorCode.InvalidRequest, $"There is no coordinator of type {keyType}."),
    };
}
