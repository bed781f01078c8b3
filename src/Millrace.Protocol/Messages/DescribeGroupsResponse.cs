namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.DescribeGroups, "0-6", flexible: "5+")]
internal sealed partial class DescribeGroupsResponse
{
    [Versions("1+")]
    public int ThrottleTimeMs { get; set; }
    public List<DescribedGroup> Groups { get; set; } = [];

    internal sealed partial class DescribedGroup
    {
        public ErrorCode ErrorCode { get; set; }
        [Versions("6+"), NullableIn("6+")]
        public string? ErrorMessage { get; set; }
        public string GroupId { get; set; } = "";
        public string GroupState { get; set; } = "";
        public string ProtocolType { get; set; } = "";
        public string ProtocolData { get; set; } = "";
        public List<DescribedGroupMember> Members { get; set; } = [];
        [Versions("3+")]
        public int AuthorizedOperations { get; set; } = int.MinValue;
    }

    internal sealed partial class DescribedGroupMember
    {
        public string MemberId { get; set; } = "";
        [Versions("4+"), NullableIn("4+")]
        public string? GroupInstanceId { get; set; }
        public string ClientId { get; set; } = "";
        public string ClientHost { get; set; } = "";
        public ReadOnlyMemory<byte> MemberMetadata { get; set; }
        public ReadOnlyMemory<byte> MemberAssignment { get; set; }
    }
}
