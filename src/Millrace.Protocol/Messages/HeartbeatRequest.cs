namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.Heartbeat, "0-4", flexible: "4+")]
internal sealed partial class HeartbeatRequest
{
    public string GroupId { get; set; } = "";
    public int GenerationId { get; set; }
    public string MemberId { get; set; } = "";
    [Versions("3+"), NullableIn("3+")]
    public string? GroupInstanceId { get; set; }
}
