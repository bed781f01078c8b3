using Millrace.Broker.Log;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// ListOffsets, versions 1 to 10: the first and the next offset, the first record not older than a time (offset and time -1 when
/// there is none; 2 on, for who reads only what is committed, the next one is where the first open transaction begins), and (7 on) the newest record by time.
/// <para>Not as Kafka: nothing is tiered, so "earliest local" is the earliest and "latest tiered" is -1.</para>
/// </summary>
internal sealed class ListOffsetsApi(BrokerServices services) : Api<ListOffsetsRequest, ListOffsetsResponse>(minVersion: 1, maxVersion: 10)
{
    private const long Latest = -1;
    private const long Earliest = -2;
    private const long MaxTimestamp = -3;
    private const long EarliestLocal = -4;
    private const long LatestTiered = -5;

    protected override ValueTask<ListOffsetsResponse?> HandleAsync(ListOffsetsRequest request, RequestContext context) =>
        ValueTask.FromResult<ListOffsetsResponse?>(new()
        {
            Topics = request.Topics.ConvertAll(topic => new ListOffsetsResponse.ListOffsetsTopicResponse
            {
                Name = topic.Name,
                Partitions = topic.Partitions.ConvertAll(p => Find(topic.Name, p, request.IsolationLevel)),
            }),
        });

    private ListOffsetsResponse.ListOffsetsPartitionResponse Find(string topic, ListOffsetsRequest.ListOffsetsPartition wanted, sbyte isolation)
    {
        var answer = new ListOffsetsResponse.ListOffsetsPartitionResponse { PartitionIndex = wanted.PartitionIndex };
        if (services.Topics.Find(topic)?.Partition(wanted.PartitionIndex) is not { } log)
        {
            answer.ErrorCode = ErrorCode.UnknownTopicOrPartition;
            return answer;
        }

        answer.ErrorCode = LeaderEpoch.Check(wanted.CurrentLeaderEpoch);
        if (answer.ErrorCode is not ErrorCode.None)
            return answer;

        var found = Find(log, wanted.Timestamp, isolation);
        answer.Offset = found.Offset;
        answer.Timestamp = found.Timestamp;
        answer.LeaderEpoch = found.Offset >= 0 ? LeaderEpoch.Constant : -1;
        return answer;
    }

    private static TimestampedOffset Find(PartitionLog log, long timestamp, sbyte isolation)
    {
        var nothing = new TimestampedOffset(-1, -1);
        return timestamp switch
        {
            Latest => new TimestampedOffset(-1, Isolation.EndOf(log, isolation)),
            Earliest or EarliestLocal => new TimestampedOffset(-1, log.StartOffset),
            MaxTimestamp => log.FindMaxTimestamp() ?? nothing,
            LatestTiered => nothing,
            _ => log.FindByTimestamp(timestamp) ?? nothing,
        };
    }
}
