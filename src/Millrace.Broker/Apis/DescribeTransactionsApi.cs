using Millrace.Broker.Transactions;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>DescribeTransactions, version 0: state, producer, age and partitions of transactional ids. As Kafka.</summary>
internal sealed class DescribeTransactionsApi(BrokerServices services)
    : Api<DescribeTransactionsRequest, DescribeTransactionsResponse>(minVersion: 0, maxVersion: 0)
{
    protected override ValueTask<DescribeTransactionsResponse?> HandleAsync(DescribeTransactionsRequest request, RequestContext context) =>
        ValueTask.FromResult<DescribeTransactionsResponse?>(new()
        {
            TransactionStates = request.TransactionalIds.ConvertAll(id => services.Transactions.Find(id) is { } state
                ? Describe(state)
                : new() { TransactionalId = id, ErrorCode = id.Length == 0 ? ErrorCode.InvalidRequest : ErrorCode.TransactionalIdNotFound }),
        });

    private static DescribeTransactionsResponse.DescribedTransaction Describe(TransactionState state) => new()
    {
        TransactionalId = state.Id,
        TransactionState = state.Status.ToString(),
        TransactionTimeoutMs = (int)state.Timeout.TotalMilliseconds,
        TransactionStartTimeMs = state.IsOpen ? state.StartedAt.ToUnixTimeMilliseconds() : -1,
        ProducerId = state.ProducerId,
        ProducerEpoch = state.Epoch,
        Topics =
        [
            .. state.Partitions.GroupBy(p => p.Topic, p => p.Partition).Select(topic => new DescribeTransactionsResponse.TopicData
            {
                Topic = topic.Key, Partitions = [.. topic.Order()],
            }),
        ],
    };
}
