using Millrace.Broker.Log;
using Millrace.Broker.Transactions;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// AddPartitionsToTxn, versions 0 to 3: on disk when it is answered; only then may the producer write there.
/// <para>As Kafka: all or none. When one partition does not exist, the others get OPERATION_NOT_ATTEMPTED.</para>
/// <para>Not there: versions 4 and 5, which brokers send each other.</para>
/// </summary>
internal sealed class AddPartitionsToTxnApi(BrokerServices services)
    : Api<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse>(minVersion: 0, maxVersion: 3)
{
    protected override async ValueTask<AddPartitionsToTxnResponse?> HandleAsync(AddPartitionsToTxnRequest request, RequestContext context)
    {
        TopicPartition[] wanted = [.. request.V3AndBelowTopics.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Name, p)))];
        var unknown = wanted.Where(p => services.Topics.Find(p.Topic)?.Partition(p.Partition) is null).ToHashSet();
        var error = context.MayWrite ? ErrorCode.OperationNotAttempted : ErrorCode.TransactionalIdAuthorizationFailed;
        if (context.MayWrite && unknown.Count == 0)
        {
            var producer = new TransactionalProducer(request.V3AndBelowTransactionalId, request.V3AndBelowProducerId, request.V3AndBelowProducerEpoch);
            error = Fencing.ForVersion(await services.Transactions.AddPartitionsAsync(producer, wanted).ConfigureAwait(false), context.Version, since: 2);
        }

        return new AddPartitionsToTxnResponse
        {
            ResultsByTopicV3AndBelow = request.V3AndBelowTopics.ConvertAll(topic => new AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult
            {
                Name = topic.Name,
                ResultsByPartition = topic.Partitions.ConvertAll(partition => new AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult
                {
                    PartitionIndex = partition,
                    PartitionErrorCode = context.MayWrite && unknown.Contains(new TopicPartition(topic.Name, partition)) ? ErrorCode.UnknownTopicOrPartition : error,
                }),
            }),
        };
    }
}
