namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.OffsetFetch, "1-10", flexible: "6+")]
internal sealed partial class OffsetFetchResponse
{
    [Versions("3+")]
    public int ThrottleTimeMs { get; set; }
    [Versions("0-7")]
    public List<OffsetFetchResponseTopic> Topics { get; set; } = [];
    [Versions("2-7")]
    public ErrorCode ErrorCode { get; set; }
    [Versions("8+")]
    public List<OffsetFetchResponseGroup> Groups { get; set; } = [];

    internal sealed partial class OffsetFetchResponseTopic
    {
        [Versions("0-7")]
        public string Name { get; set; } = "";
        [Versions("0-7")]
        public List<OffsetFetchResponsePartition> Partitions { get; set; } = [];
    }

    internal sealed partial class OffsetFetchResponseGroup
    {
        [Versions("8+")]
        public string GroupId { get; set; } = "";
        [Versions("8+")]
        public List<OffsetFetchResponseTopics> Topics { get; set; } = [];
        [Versions("8+")]
        public ErrorCode ErrorCode { get; set; }
    }

    internal sealed partial class OffsetFetchResponsePartition
    {
        [Versions("0-7")]
        public int PartitionIndex { get; set; }
        [Versions("0-7")]
        public long CommittedOffset { get; set; }
        [Versions("5-7")]
        public int CommittedLeaderEpoch { get; set; } = -1;
        [Versions("0-7"), NullableIn("0-7")]
        public string? Metadata { get; set; } = "";
        [Versions("0-7")]
        public ErrorCode ErrorCode { get; set; }
    }

    internal sealed partial class OffsetFetchResponseTopics
    {
        [Versions("8-9")]
        public string Name { get; set; } = "";
        [Versions("10+")]
        public Guid TopicId { get; set; }
        [Versions("8+")]
        public List<OffsetFetchResponsePartitions> Partitions { get; set; } = [];
    }

    internal sealed partial class OffsetFetchResponsePartitions
    {
        [Versions("8+")]
        public int PartitionIndex { get; set; }
        [Versions("8+")]
        public long CommittedOffset { get; set; }
        [Versions("8+")]
        public int CommittedLeaderEpoch { get; set; } = -1;
        [Versions("8+"), NullableIn("8+")]
        public string? Metadata { get; set; } = "";
        [Versions("8+")]
        public ErrorCode ErrorCode { get; set; }
    }
}
