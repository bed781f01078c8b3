using Millrace.Broker.Log;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// DescribeProducers, version 0: the idempotent producers that a partition remembers, and where their open transactions begin. As Kafka.
/// </summary>
internal sealed class DescribeProducersApi(BrokerServices services)
    : Api<DescribeProducersRequest, DescribeProducersResponse>(minVersion: 0, maxVersion: 0)
{
    protected override async ValueTask<DescribeProducersResponse?> HandleAsync(DescribeProducersRequest request, RequestContext context)
    {
        var response = new DescribeProducersResponse();
        foreach (var topic in request.Topics)
        {
            var partitions = new List<DescribeProducersResponse.PartitionResponse>();
            foreach (var index in topic.PartitionIndexes)
                partitions.Add(await DescribeAsync(topic.Name, index).ConfigureAwait(false));
            response.Topics.Add(new() { Name = topic.Name, Partitions = partitions });
        }

        return response;
    }

    private async Task<DescribeProducersResponse.PartitionResponse> DescribeAsync(string topic, int index)
    {
        if (services.Topics.Find(topic)?.Partition(index) is not { } log)
            return new() { PartitionIndex = index, ErrorCode = ErrorCode.UnknownTopicOrPartition };

        // The producers are the writer's own: it has to be asked.
        List<DescribeProducersResponse.ProducerState> producers = [];
        await services.Writer.RunAsync(() => producers.AddRange(log.Producers.Select(Describe))).ConfigureAwait(false);
        return new() { PartitionIndex = index, ActiveProducers = producers };
    }

    private static DescribeProducersResponse.ProducerState Describe(ProducerState producer) => new()
    {
        ProducerId = producer.Id,
        ProducerEpoch = producer.Epoch,
        LastSequence = producer.LastSequence,
        LastTimestamp = producer.LastSeen.ToUnixTimeMilliseconds(),
        CoordinatorEpoch = producer.TransactionStart is null ? -1 : 0,
        CurrentTxnStartOffset = producer.TransactionStart ?? -1,
    };
}
