using Millrace.Broker.Transactions;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// AddOffsetsToTxn, versions 0 to 4: says that the offsets of a group will be part of the transaction.
/// <para>Not as Kafka: there is no partition of an offsets topic to take into it; the transaction only begins, if it has not.</para>
/// </summary>
internal sealed class AddOffsetsToTxnApi(BrokerServices services) : Api<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse>(minVersion: 0, maxVersion: 4)
{
    protected override async ValueTask<AddOffsetsToTxnResponse?> HandleAsync(AddOffsetsToTxnRequest request, RequestContext context)
    {
        if (!context.MayWrite)
            return new AddOffsetsToTxnResponse { ErrorCode = ErrorCode.TransactionalIdAuthorizationFailed };
        if (request.GroupId.Length == 0)
            return new AddOffsetsToTxnResponse { ErrorCode = ErrorCode.InvalidGroupId };
        var producer = new TransactionalProducer(request.TransactionalId, request.ProducerId, request.ProducerEpoch);
        var error = await services.Transactions.AddGroupAsync(producer).ConfigureAwait(false);
        return new AddOffsetsToTxnResponse { ErrorCode = Fencing.ForVersion(error, context.Version, since: 2) };
    }
}
