namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.ConsumerGroupDescribe, "0-1", flexible: "0+")]
internal sealed partial class ConsumerGroupDescribeResponse
{
    public int ThrottleTimeMs { get; set; }
    public List<DescribedGroup> Groups { get; set; } = [];

    internal sealed partial class DescribedGroup
    {
        public ErrorCode ErrorCode { get; set; }
        [NullableIn("0+")]
        public string? ErrorMessage { get; set; }
        public string GroupId { get; set; } = "";
        public string GroupState { get; set; } = "";
        public int GroupEpoch { get; set; }
        public int AssignmentEpoch { get; set; }
        public string AssignorName { get; set; } = "";
        public List<Member> Members { get; set; } = [];
        public int AuthorizedOperations { get; set; } = int.MinValue;
    }

    internal sealed partial class Member
    {
        public string MemberId { get; set; } = "";
        [NullableIn("0+")]
        public string? InstanceId { get; set; }
        [NullableIn("0+")]
        public string? RackId { get; set; }
        public int MemberEpoch { get; set; }
        public string ClientId { get; set; } = "";
        public string ClientHost { get; set; } = "";
        public List<string> SubscribedTopicNames { get; set; } = [];
        [NullableIn("0+")]
        public string? SubscribedTopicRegex { get; set; }
        public Assignment Assignment { get; set; } = new();
        public Assignment TargetAssignment { get; set; } = new();
        [Versions("1+")]
        public sbyte MemberType { get; set; } = -1;
    }

    internal sealed partial class Assignment
    {
        public List<AssignedPartitions> TopicPartitions { get; set; } = [];
    }

    internal sealed partial class AssignedPartitions
    {
        public Guid TopicId { get; set; }
        public string TopicName { get; set; } = "";
        public List<int> Partitions { get; set; } = [];
    }
}
