namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.OffsetCommit, "2-10", flexible: "8+")]
internal sealed partial class OffsetCommitRequest
{
    public string GroupId { get; set; } = "";
    public int GenerationIdOrMemberEpoch { get; set; } = -1;
    public string MemberId { get; set; } = "";
    [Versions("7+"), NullableIn("7+")]
    public string? GroupInstanceId { get; set; }
    [Versions("2-4")]
    public long RetentionTimeMs { get; set; } = -1;
    public List<OffsetCommitRequestTopic> Topics { get; set; } = [];

    internal sealed partial class OffsetCommitRequestTopic
    {
        [Versions("0-9")]
        public string Name { get; set; } = "";
        [Versions("10+")]
        public Guid TopicId { get; set; }
        public List<OffsetCommitRequestPartition> Partitions { get; set; } = [];
    }

    internal sealed partial class OffsetCommitRequestPartition
    {
        public int PartitionIndex { get; set; }
        public long CommittedOffset { get; set; }
        [Versions("6+")]
        public int CommittedLeaderEpoch { get; set; } = -1;
        [NullableIn("0+")]
        public string? CommittedMetadata { get; set; } = "";
    }
}
