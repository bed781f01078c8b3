namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.JoinGroup, "0-9", flexible: "6+")]
internal sealed partial class JoinGroupResponse
{
    [Versions("2+")]
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public int GenerationId { get; set; } = -1;
    [Versions("7+"), NullableIn("7+")]
    public string? ProtocolType { get; set; }
    [NullableIn("7+")]
    public string? ProtocolName { get; set; } = "";
    public string Leader { get; set; } = "";
    [Versions("9+")]
    public bool SkipAssignment { get; set; }
    public string MemberId { get; set; } = "";
    public List<JoinGroupResponseMember> Members { get; set; } = [];

    internal sealed partial class JoinGroupResponseMember
    {
        public string MemberId { get; set; } = "";
        [Versions("5+"), NullableIn("5+")]
        public string? GroupInstanceId { get; set; }
        public ReadOnlyMemory<byte> Metadata { get; set; }
    }
}
