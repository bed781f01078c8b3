namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.ConsumerGroupHeartbeat, "0-1", flexible: "0+")]
internal sealed partial class ConsumerGroupHeartbeatRequest
{
    public string GroupId { get; set; } = "";
    public string MemberId { get; set; } = "";
    public int MemberEpoch { get; set; }
    [NullableIn("0+")]
    public string? InstanceId { get; set; }
    [NullableIn("0+")]
    public string? RackId { get; set; }
    public int RebalanceTimeoutMs { get; set; } = -1;
    [NullableIn("0+")]
    public List<string>? SubscribedTopicNames { get; set; }
    [Versions("1+"), NullableIn("1+")]
    public string? SubscribedTopicRegex { get; set; }
    [NullableIn("0+")]
    public string? ServerAssignor { get; set; }
    [NullableIn("0+")]
    public List<OwnedPartitions>? TopicPartitions { get; set; }

    internal sealed partial class OwnedPartitions
    {
        public Guid TopicId { get; set; }
        public List<int> Partitions { get; set; } = [];
    }
}
