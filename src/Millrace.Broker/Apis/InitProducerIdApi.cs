using Millrace.Broker.Transactions;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// InitProducerId, versions 0 to 5. Without a transactional id: an id that no producer ever had, also before a restart, with epoch 0. With
/// one: its producer id under a higher epoch, which fences whoever had it before (3 on: unless the producer names itself and is the one).
/// <para>Not as Kafka: a transaction that is open is aborted before the answer, where Kafka answers CONCURRENT_TRANSACTIONS and lets the
/// client ask again.</para>
/// <para>Not there: version 6, with two-phase commit, which Kafka itself does not announce.</para>
/// </summary>
internal sealed class InitProducerIdApi(BrokerServices services)
    : Api<InitProducerIdRequest, InitProducerIdResponse>(minVersion: 0, maxVersion: 5)
{
    protected override async ValueTask<InitProducerIdResponse?> HandleAsync(InitProducerIdRequest request, RequestContext context)
    {
        var result = context.MayWrite
            ? await InitAsync(request).ConfigureAwait(false)
            : InitResult.Refused(request.TransactionalId is null ? ErrorCode.ClusterAuthorizationFailed : ErrorCode.TransactionalIdAuthorizationFailed);
        return new InitProducerIdResponse
        {
            ErrorCode = Fencing.ForVersion(result.Error, context.Version, since: 4),
            ProducerId = result.ProducerId,
            ProducerEpoch = result.Epoch,
        };
    }

    private async Task<InitResult> InitAsync(InitProducerIdRequest request)
    {
        if (request.TransactionalId is { } id)
        {
            return id.Length == 0
                ? InitResult.Refused(ErrorCode.InvalidRequest)
                : await services.Transactions.InitAsync(
                    id, TimeSpan.FromMilliseconds(request.TransactionTimeoutMs), request.ProducerId, request.ProducerEpoch).ConfigureAwait(false);
        }

        return await services.ProducerIds.NextAsync().ConfigureAwait(false) is { } producerId
            ? new InitResult(ErrorCode.None, producerId, 0)
            : InitResult.Refused(ErrorCode.KafkaStorageError);
    }
}
