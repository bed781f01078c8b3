namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.SaslHandshake, "0-1", flexible: "none")]
internal sealed partial class SaslHandshakeRequest
{
    public string Mechanism { get; set; } = "";
}
