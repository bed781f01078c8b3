namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.JoinGroup, "0-9", flexible: "6+")]
internal sealed partial class JoinGroupRequest
{
    public string GroupId { get; set; } = "";
    public int SessionTimeoutMs { get; set; }
    [Versions("1+")]
    public int RebalanceTimeoutMs { get; set; } = -1;
    public string MemberId { get; set; } = "";
    [Versions("5+"), NullableIn("5+")]
    public string? GroupInstanceId { get; set; }
    public string ProtocolType { get; set; } = "";
    public List<JoinGroupRequestProtocol> Protocols { get; set; } = [];
    [Versions("8+"), NullableIn("8+")]
    public string? Reason { get; set; }

    internal sealed partial class JoinGroupRequestProtocol
    {
        public string Name { get; set; } = "";
        public ReadOnlyMemory<byte> Metadata { get; set; }
    }
}
