using Millrace.Broker.Log;
using Millrace.Protocol;

namespace Millrace.Broker.Apis;

/// <summary>What OffsetCommit and TxnOffsetCommit look at in an offset that they are given.</summary>
internal static class OffsetCheck
{
    /// <summary>As in Kafka (<c>offset.metadata.max.bytes</c>).</summary>
    private const int MaxMetadataLength = 4096;

    /// <summary>Puts the offset with those to commit, unless it is refused.</summary>
    public static ErrorCode Take(BrokerServices services, CommittedOffset offset, List<CommittedOffset> offsets)
    {
        if (services.Topics.Find(offset.Topic)?.Partition(offset.Partition) is null)
            return ErrorCode.UnknownTopicOrPartition;
        if (offset.Metadata.Length > MaxMetadataLength)
            return ErrorCode.OffsetMetadataTooLarge;

        offsets.Add(offset);
        return ErrorCode.None;
    }
}
