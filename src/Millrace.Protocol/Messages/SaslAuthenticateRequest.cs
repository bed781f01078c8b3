namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.SaslAuthenticate, "0-2", flexible: "2+")]
internal sealed partial class SaslAuthenticateRequest
{
    public ReadOnlyMemory<byte> AuthBytes { get; set; }
}
