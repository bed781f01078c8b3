using Millrace.Broker.Log;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// OffsetDelete, version 0: positions of a group in topics that none of its members reads. As Kafka: those that are read get
/// GROUP_SUBSCRIBED_TO_TOPIC, and a group of another kind than consumers must be empty.
/// </summary>
internal sealed class OffsetDeleteApi(BrokerServices services) : Api<OffsetDeleteRequest, OffsetDeleteResponse>(minVersion: 0, maxVersion: 0)
{
    protected override async ValueTask<OffsetDeleteResponse?> HandleAsync(OffsetDeleteRequest request, RequestContext context)
    {
        if (!context.MayWrite)
            return new OffsetDeleteResponse { ErrorCode = ErrorCode.GroupAuthorizationFailed };

        TopicPartition[] known =
        [
            .. request.Topics.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Name, p.PartitionIndex)))
                .Where(p => services.Topics.Find(p.Topic)?.Partition(p.Partition) is not null),
        ];
        var (error, outcome) = await services.Groups.DeleteOffsetsAsync(request.GroupId, known).ConfigureAwait(false);
        if (error is not ErrorCode.None)
            return new OffsetDeleteResponse { ErrorCode = error };

        return new OffsetDeleteResponse
        {
            Topics = request.Topics.ConvertAll(topic => new OffsetDeleteResponse.OffsetDeleteResponseTopic
            {
                Name = topic.Name,
                Partitions = topic.Partitions.ConvertAll(p => new OffsetDeleteResponse.OffsetDeleteResponsePartition
                {
                    PartitionIndex = p.PartitionIndex,
                    ErrorCode = outcome.TryGetValue(new TopicPartition(topic.Name, p.PartitionIndex), out var own) ? own : ErrorCode.UnknownTopicOrPartition,
                }),
            }),
        };
    }
}
