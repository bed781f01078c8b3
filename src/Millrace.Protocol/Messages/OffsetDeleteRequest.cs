namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.OffsetDelete, "0", flexible: "none")]
internal sealed partial class OffsetDeleteRequest
{
    public string GroupId { get; set; } = "";
    public List<OffsetDeleteRequestTopic> Topics { get; set; } = [];

    internal sealed partial class OffsetDeleteRequestTopic
    {
        public string Name { get; set; } = "";
        public List<OffsetDeleteRequestPartition> Partitions { get; set; } = [];
    }

    internal sealed partial class OffsetDeleteRequestPartition
    {
        public int PartitionIndex { get; set; }
    }
}
