namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.CreatePartitions, "0-3", flexible: "2+")]
internal sealed partial class CreatePartitionsRequest
{
    public List<CreatePartitionsTopic> Topics { get; set; } = [];
    public int TimeoutMs { get; set; }
    public bool ValidateOnly { get; set; }

    internal sealed partial class CreatePartitionsTopic
    {
        public string Name { get; set; } = "";
        public int Count { get; set; }
        [NullableIn("0+")]
        public List<CreatePartitionsAssignment>? Assignments { get; set; } = [];
    }

    internal sealed partial class CreatePartitionsAssignment
    {
        public List<int> BrokerIds { get; set; } = [];
    }
}
