namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.OffsetDelete, "0", flexible: "none")]
internal sealed partial class OffsetDeleteResponse
{
    public ErrorCode ErrorCode { get; set; }
    public int ThrottleTimeMs { get; set; }
    public List<OffsetDeleteResponseTopic> Topics { get; set; } = [];

    internal sealed partial class OffsetDeleteResponseTopic
    {
        public string Name { get; set; } = "";
        public List<OffsetDeleteResponsePartition> Partitions { get; set; } = [];
    }

    internal sealed partial class OffsetDeleteResponsePartition
    {
        public int PartitionIndex { get; set; }
        public ErrorCode ErrorCode { get; set; }
    }
}
