using Millrace.Broker.Log;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// OffsetForLeaderEpoch, versions 2 to 4: where the records of a leader epoch end, from which a consumer learns that the log was cut. There is
/// one epoch, and it ends where the log does; of a later one nothing is known.
/// </summary>
internal sealed class OffsetForLeaderEpochApi(BrokerServices services)
    : Api<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(minVersion: 2, maxVersion: 4)
{
    protected override ValueTask<OffsetForLeaderEpochResponse?> HandleAsync(OffsetForLeaderEpochRequest request, RequestContext context) =>
        ValueTask.FromResult<OffsetForLeaderEpochResponse?>(new()
        {
            Topics = request.Topics.ConvertAll(topic => new OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult
            {
                Topic = topic.Topic,
                Partitions = topic.Partitions.ConvertAll(p => Find(topic.Topic, p)),
            }),
        });

    private OffsetForLeaderEpochResponse.EpochEndOffset Find(string topic, OffsetForLeaderEpochRequest.OffsetForLeaderPartition wanted)
    {
        var answer = new OffsetForLeaderEpochResponse.EpochEndOffset { Partition = wanted.Partition };
        if (services.Topics.Find(topic)?.Partition(wanted.Partition) is not { } log)
            answer.ErrorCode = ErrorCode.UnknownTopicOrPartition;
        else if ((answer.ErrorCode = LeaderEpoch.Check(wanted.CurrentLeaderEpoch)) is ErrorCode.None && wanted.LeaderEpoch == LeaderEpoch.Constant)
            (answer.LeaderEpoch, answer.EndOffset) = (LeaderEpoch.Constant, log.HighWatermark);
        return answer;
    }
}
