namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.CreateTopics, "2-7", flexible: "5+")]
internal sealed partial class CreateTopicsRequest
{
    public List<CreatableTopic> Topics { get; set; } = [];
    public int TimeoutMs { get; set; } = 60000;
    public bool ValidateOnly { get; set; }

    internal sealed partial class CreatableTopic
    {
        public string Name { get; set; } = "";
        public int NumPartitions { get; set; }
        public short ReplicationFactor { get; set; }
        public List<CreatableReplicaAssignment> Assignments { get; set; } = [];
        public List<CreatableTopicConfig> Configs { get; set; } = [];
    }

    internal sealed partial class CreatableReplicaAssignment
    {
        public int PartitionIndex { get; set; }
        public List<int> BrokerIds { get; set; } = [];
    }

    internal sealed partial class CreatableTopicConfig
    {
        public string Name { get; set; } = "";
        [NullableIn("0+")]
        public string? Value { get; set; } = "";
    }
}
