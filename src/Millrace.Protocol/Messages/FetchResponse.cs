namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.Fetch, "4-18", flexible: "12+")]
internal sealed partial class FetchResponse
{
    public int ThrottleTimeMs { get; set; }
    [Versions("7+")]
    public ErrorCode ErrorCode { get; set; }
    [Versions("7+")]
    public int SessionId { get; set; }
    public List<FetchableTopicResponse> Responses { get; set; } = [];
    [Tag(0, "16+")]
    public List<NodeEndpoint> NodeEndpoints { get; set; } = [];

    internal sealed partial class FetchableTopicResponse
    {
        [Versions("0-12")]
        public string Topic { get; set; } = "";
        [Versions("13+")]
        public Guid TopicId { get; set; }
        public List<PartitionData> Partitions { get; set; } = [];
    }

    internal sealed partial class NodeEndpoint
    {
        [Versions("16+")]
        public int NodeId { get; set; }
        [Versions("16+")]
        public string Host { get; set; } = "";
        [Versions("16+")]
        public int Port { get; set; }
        [Versions("16+"), NullableIn("16+")]
        public string? Rack { get; set; }
    }

    internal sealed partial class PartitionData
    {
        public int PartitionIndex { get; set; }
        public ErrorCode ErrorCode { get; set; }
        public long HighWatermark { get; set; }
        public long LastStableOffset { get; set; } = -1;
        [Versions("5+")]
        public long LogStartOffset { get; set; } = -1;
        [Tag(0, "12+")]
        public EpochEndOffset? DivergingEpoch { get; set; }
        [Tag(1, "12+")]
        public LeaderIdAndEpoch? CurrentLeader { get; set; }
        [Tag(2, "12+")]
        public SnapshotId? SnapshotId { get; set; }
        [NullableIn("4+")]
        public List<AbortedTransaction>? AbortedTransactions { get; set; } = [];
        [Versions("11+")]
        public int PreferredReadReplica { get; set; } = -1;
        [NullableIn("0+")]
        public ReadOnlyMemory<byte>? Records { get; set; }
    }

    internal sealed partial class EpochEndOffset
    {
        [Versions("12+")]
        public int Epoch { get; set; } = -1;
        [Versions("12+")]
        public long EndOffset { get; set; } = -1;
    }

    internal sealed partial class LeaderIdAndEpoch
    {
        [Versions("12+")]
        public int LeaderId { get; set; } = -1;
        [Versions("12+")]
        public int LeaderEpoch { get; set; } = -1;
    }

    internal sealed partial class SnapshotId
    {
        public long EndOffset { get; set; } = -1;
        public int Epoch { get; set; } = -1;
    }

    internal sealed partial class AbortedTransaction
    {
        public long ProducerId { get; set; }
        public long FirstOffset { get; set; }
    }
}
