using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// InitProducerId, versions 0 to 5: an id that no producer ever had, also before a restart, with epoch 0.
/// <para>Not there: transactions. A transactional id gets TRANSACTIONAL_ID_AUTHORIZATION_FAILED, which clients take as final.</para>
/// </summary>
internal sealed class InitProducerIdApi(BrokerServices services)
    : Api<InitProducerIdRequest, InitProducerIdResponse>(minVersion: 0, maxVersion: 5)
{
    protected override async ValueTask<InitProducerIdResponse?> HandleAsync(InitProducerIdRequest request, RequestContext context)
    {
        if (request.TransactionalId is not null)
        {
            return new InitProducerIdResponse
            {
                ErrorCode = request.TransactionalId.Length == 0 ? ErrorCode.InvalidRequest : ErrorCode.TransactionalIdAuthorizationFailed,
                ProducerEpoch = -1,
            };
        }

        return await services.ProducerIds.NextAsync().ConfigureAwait(false) is { } id
            ? new InitProducerIdResponse { ProducerId = id }
            : new InitProducerIdResponse { ErrorCode = ErrorCode.KafkaStorageError, ProducerEpoch = -1 };
    }
}
