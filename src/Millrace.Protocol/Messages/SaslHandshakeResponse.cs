namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.SaslHandshake, "0-1", flexible: "none")]
internal sealed partial class SaslHandshakeResponse
{
    public ErrorCode ErrorCode { get; set; }
    public List<string> Mechanisms { get; set; } = [];
}
