using Millrace.Broker.Groups;
using Millrace.Broker.Groups.Consumer;
using Millrace.Broker.Log;
using Millrace.Protocol;

namespace Millrace.Broker.Apis;

/// <summary>What OffsetCommit and TxnOffsetCommit look at in an offset that they are given.</summary>
internal static class OffsetCheck
{
    /// <summary>As in Kafka (<c>offset.metadata.max.bytes</c>).</summary>
    private const int MaxMetadataLength = 4096;

    /// <summary>Puts the offset with those to commit, unless it is refused.</summary>
    /// <param name="services">Of the broker.</param>
    /// <param name="group">The group whose offset it is.</param>
    /// <param name="committer">Who commits.</param>
    /// <param name="groupError">What the group says to who commits; a member that is late may have had this partition all the time.</param>
    /// <param name="offset">What is to be committed.</param>
    /// <param name="offsets">Those to commit.</param>
    public static ErrorCode Take(
        BrokerServices services, string group, Committer committer, ErrorCode groupError, CommittedOffset offset, List<CommittedOffset> offsets)
    {
        var topic = services.Topics.Find(offset.Topic);
        if (groupError is ErrorCode.StaleMemberEpoch
            && topic is not null && services.Groups.TakesLateCommit(group, committer, new TopicIdPartition(topic.Id, offset.Partition)))
            groupError = ErrorCode.None;
        if (groupError is not ErrorCode.None)
            return groupError;
        if (topic?.Partition(offset.Partition) is null)
            return ErrorCode.UnknownTopicOrPartition;
        if (offset.Metadata.Length > MaxMetadataLength)
            return ErrorCode.OffsetMetadataTooLarge;

        offsets.Add(offset);
        return ErrorCode.None;
    }
}
