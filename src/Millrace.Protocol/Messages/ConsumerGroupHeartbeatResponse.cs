namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.ConsumerGroupHeartbeat, "0-1", flexible: "0+")]
internal sealed partial class ConsumerGroupHeartbeatResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    [NullableIn("0+")]
    public string? ErrorMessage { get; set; }
    [NullableIn("0+")]
    public string? MemberId { get; set; }
    public int MemberEpoch { get; set; }
    public int HeartbeatIntervalMs { get; set; }
    [NullableIn("0+")]
    public MemberAssignment? Assignment { get; set; }

    internal sealed partial class MemberAssignment
    {
        public List<AssignedPartitions> TopicPartitions { get; set; } = [];
    }

    internal sealed partial class AssignedPartitions
    {
        public Guid TopicId { get; set; }
        public List<int> Partitions { get; set; } = [];
    }
}
