using Millrace.Broker.Transactions;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// EndTxn, versions 0 to 4: commits or aborts. The same request again, after its answer was lost, is answered as the first.
/// <para>Not as Kafka: it is answered when the markers are written and the offsets committed, not when it is only decided. So the next
/// transaction never meets CONCURRENT_TRANSACTIONS.</para>
/// <para>Not there: version 5, in which the epoch goes up with each transaction; clients use it only where the feature is announced.</para>
/// </summary>
internal sealed class EndTxnApi(BrokerServices services) : Api<EndTxnRequest, EndTxnResponse>(minVersion: 0, maxVersion: 4)
{
    protected override async ValueTask<EndTxnResponse?> HandleAsync(EndTxnRequest request, RequestContext context)
    {
        if (!context.MayWrite)
            return new EndTxnResponse { ErrorCode = ErrorCode.TransactionalIdAuthorizationFailed };
        var producer = new TransactionalProducer(request.TransactionalId, request.ProducerId, request.ProducerEpoch);
        var error = await services.Transactions.EndAsync(producer, request.Committed).ConfigureAwait(false);
        return new EndTxnResponse { ErrorCode = Fencing.ForVersion(error, context.Version, since: 2) };
    }
}
