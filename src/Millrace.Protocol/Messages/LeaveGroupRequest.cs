namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.LeaveGroup, "0-5", flexible: "4+")]
internal sealed partial class LeaveGroupRequest
{
    public string GroupId { get; set; } = "";
    [Versions("0-2")]
    public string MemberId { get; set; } = "";
    [Versions("3+")]
    public List<MemberIdentity> Members { get; set; } = [];

    internal sealed partial class MemberIdentity
    {
        [Versions("3+")]
        public string MemberId { get; set; } = "";
        [Versions("3+"), NullableIn("3+")]
        public string? GroupInstanceId { get; set; }
        [Versions("5+"), NullableIn("5+")]
        public string? Reason { get; set; }
    }
}
