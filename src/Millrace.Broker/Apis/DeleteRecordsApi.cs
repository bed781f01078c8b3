using Millrace.Broker.Topics;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// DeleteRecords, versions 0 to 2: everything below an offset, -1 for all that is there. Nobody can read it any more when it is answered;
/// the files go as soon as a whole segment lies below. As Kafka: a topic that is only compacted is refused with POLICY_VIOLATION.
/// </summary>
internal sealed class DeleteRecordsApi(BrokerServices services) : Api<DeleteRecordsRequest, DeleteRecordsResponse>(minVersion: 0, maxVersion: 2)
{
    private const long All = -1;

    protected override async ValueTask<DeleteRecordsResponse?> HandleAsync(DeleteRecordsRequest request, RequestContext context)
    {
        var response = new DeleteRecordsResponse();
        foreach (var topic in request.Topics)
        {
            var partitions = new List<DeleteRecordsResponse.DeleteRecordsPartitionResult>();
            foreach (var wanted in topic.Partitions)
            {
                var (error, lowWatermark) = !context.MayWrite ? (ErrorCode.TopicAuthorizationFailed, -1) : await DeleteAsync(services.Topics.Find(topic.Name), wanted.PartitionIndex, wanted.Offset).ConfigureAwait(false);
                partitions.Add(new() { PartitionIndex = wanted.PartitionIndex, ErrorCode = error, LowWatermark = lowWatermark });
            }

            response.Topics.Add(new() { Name = topic.Name, Partitions = partitions });
        }

        return response;
    }

    private async Task<(ErrorCode Error, long LowWatermark)> DeleteAsync(Topic? topic, int partition, long offset)
    {
        if (topic?.Partition(partition) is not { } log)
            return (ErrorCode.UnknownTopicOrPartition, -1);
        if (!topic.Config.ToLogSettings().IsDeleted)
            return (ErrorCode.PolicyViolation, -1);

        var target = offset == All ? log.HighWatermark : offset;
        if (target < 0 || target > log.HighWatermark)
            return (ErrorCode.OffsetOutOfRange, -1);
        if (target <= log.StartOffset)
            return (ErrorCode.None, log.StartOffset);

        var error = await services.Topics.DeleteRecordsAsync(topic, partition, target).ConfigureAwait(false);
        return (error, error is ErrorCode.None ? log.StartOffset : -1);
    }
}
