namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.Produce, "3-13", flexible: "9+")]
internal sealed partial class ProduceResponse
{
    public List<TopicProduceResponse> Responses { get; set; } = [];
    public int ThrottleTimeMs { get; set; }
    [Tag(0, "10+")]
    public List<NodeEndpoint> NodeEndpoints { get; set; } = [];

    internal sealed partial class TopicProduceResponse
    {
        [Versions("0-12")]
        public string Name { get; set; } = "";
        [Versions("13+")]
        public Guid TopicId { get; set; }
        public List<PartitionProduceResponse> PartitionResponses { get; set; } = [];
    }

    internal sealed partial class NodeEndpoint
    {
        [Versions("10+")]
        public int NodeId { get; set; }
        [Versions("10+")]
        public string Host { get; set; } = "";
        [Versions("10+")]
        public int Port { get; set; }
        [Versions("10+"), NullableIn("10+")]
        public string? Rack { get; set; }
    }

    internal sealed partial class PartitionProduceResponse
    {
        public int Index { get; set; }
        public ErrorCode ErrorCode { get; set; }
        public long BaseOffset { get; set; }
        public long LogAppendTimeMs { get; set; } = -1;
        [Versions("5+")]
        public long LogStartOffset { get; set; } = -1;
        [Versions("8+")]
        public List<BatchIndexAndErrorMessage> RecordErrors { get; set; } = [];
        [Versions("8+"), NullableIn("8+")]
        public string? ErrorMessage { get; set; }
        [Tag(0, "10+")]
        public LeaderIdAndEpoch? CurrentLeader { get; set; }
    }

    internal sealed partial class BatchIndexAndErrorMessage
    {
        [Versions("8+")]
        public int BatchIndex { get; set; }
        [Versions("8+"), NullableIn("8+")]
        public string? BatchIndexErrorMessage { get; set; }
    }

    internal sealed partial class LeaderIdAndEpoch
    {
        [Versions("10+")]
        public int LeaderId { get; set; } = -1;
        [Versions("10+")]
        public int LeaderEpoch { get; set; } = -1;
    }
}
