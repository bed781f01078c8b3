namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.Metadata, "0-13", flexible: "9+")]
internal sealed partial class MetadataResponse
{
    [Versions("3+")]
    public int ThrottleTimeMs { get; set; }
    public List<MetadataResponseBroker> Brokers { get; set; } = [];
    [Versions("2+"), NullableIn("2+")]
    public string? ClusterId { get; set; }
    [Versions("1+")]
    public int ControllerId { get; set; } = -1;
    public List<MetadataResponseTopic> Topics { get; set; } = [];
    [Versions("8-10")]
    public int ClusterAuthorizedOperations { get; set; } = int.MinValue;
    [Versions("13+")]
    public ErrorCode ErrorCode { get; set; }

    internal sealed partial class MetadataResponseBroker
    {
        public int NodeId { get; set; }
        public string Host { get; set; } = "";
        public int Port { get; set; }
        [Versions("1+"), NullableIn("1+")]
        public string? Rack { get; set; }
    }

    internal sealed partial class MetadataResponseTopic
    {
        public ErrorCode ErrorCode { get; set; }
        [NullableIn("12+")]
        public string? Name { get; set; } = "";
        [Versions("10+")]
        public Guid TopicId { get; set; }
        [Versions("1+")]
        public bool IsInternal { get; set; }
        public List<MetadataResponsePartition> Partitions { get; set; } = [];
        [Versions("8+")]
        public int TopicAuthorizedOperations { get; set; } = int.MinValue;
    }

    internal sealed partial class MetadataResponsePartition
    {
        public ErrorCode ErrorCode { get; set; }
        public int PartitionIndex { get; set; }
        public int LeaderId { get; set; }
        [Versions("7+")]
        public int LeaderEpoch { get; set; } = -1;
        public List<int> ReplicaNodes { get; set; } = [];
        public List<int> IsrNodes { get; set; } = [];
        [Versions("5+")]
        public List<int> OfflineReplicas { get; set; } = [];
    }
}
