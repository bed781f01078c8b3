namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.OffsetFetch, "1-10", flexible: "6+")]
internal sealed partial class OffsetFetchRequest
{
    [Versions("0-7")]
    public string GroupId { get; set; } = "";
    [Versions("0-7"), NullableIn("2-7")]
    public List<OffsetFetchRequestTopic>? Topics { get; set; } = [];
    [Versions("8+")]
    public List<OffsetFetchRequestGroup> Groups { get; set; } = [];
    [Versions("7+")]
    public bool RequireStable { get; set; }

    internal sealed partial class OffsetFetchRequestTopic
    {
        [Versions("0-7")]
        public string Name { get; set; } = "";
        [Versions("0-7")]
        public List<int> PartitionIndexes { get; set; } = [];
    }

    internal sealed partial class OffsetFetchRequestGroup
    {
        [Versions("8+")]
        public string GroupId { get; set; } = "";
        [Versions("9+"), NullableIn("9+")]
        public string? MemberId { get; set; }
        [Versions("9+")]
        public int MemberEpoch { get; set; } = -1;
        [Versions("8+"), NullableIn("8+")]
        public List<OffsetFetchRequestTopics>? Topics { get; set; } = [];
    }

    internal sealed partial class OffsetFetchRequestTopics
    {
        [Versions("8-9")]
        public string Name { get; set; } = "";
        [Versions("10+")]
        public Guid TopicId { get; set; }
        [Versions("8+")]
        public List<int> PartitionIndexes { get; set; } = [];
    }
}
