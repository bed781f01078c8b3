namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.OffsetCommit, "2-10", flexible: "8+")]
internal sealed partial class OffsetCommitResponse
{
    [Versions("3+")]
    public int ThrottleTimeMs { get; set; }
    public List<OffsetCommitResponseTopic> Topics { get; set; } = [];

    internal sealed partial class OffsetCommitResponseTopic
    {
        [Versions("0-9")]
        public string Name { get; set; } = "";
        [Versions("10+")]
        public Guid TopicId { get; set; }
        public List<OffsetCommitResponsePartition> Partitions { get; set; } = [];
    }

    internal sealed partial class OffsetCommitResponsePartition
    {
        public int PartitionIndex { get; set; }
        public ErrorCode ErrorCode { get; set; }
    }
}
