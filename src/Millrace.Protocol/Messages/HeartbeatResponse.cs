namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.Heartbeat, "0-4", flexible: "4+")]
internal sealed partial class HeartbeatResponse
{
    [Versions("1+")]
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
}
