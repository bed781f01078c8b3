namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.DescribeProducers, "0", flexible: "0+")]
internal sealed partial class DescribeProducersRequest
{
    public List<TopicRequest> Topics { get; set; } = [];

    internal sealed partial class TopicRequest
    {
        public string Name { get; set; } = "";
        public List<int> PartitionIndexes { get; set; } = [];
    }
}
