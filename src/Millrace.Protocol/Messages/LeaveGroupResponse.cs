namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.LeaveGroup, "0-5", flexible: "4+")]
internal sealed partial class LeaveGroupResponse
{
    [Versions("1+")]
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    [Versions("3+")]
    public List<MemberResponse> Members { get; set; } = [];

    internal sealed partial class MemberResponse
    {
        [Versions("3+")]
        public string MemberId { get; set; } = "";
        [Versions("3+"), NullableIn("3+")]
        public string? GroupInstanceId { get; set; } = "";
        [Versions("3+")]
        public ErrorCode ErrorCode { get; set; }
    }
}
