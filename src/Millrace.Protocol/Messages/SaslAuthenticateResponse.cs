namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.SaslAuthenticate, "0-2", flexible: "2+")]
internal sealed partial class SaslAuthenticateResponse
{
    public ErrorCode ErrorCode { get; set; }
    [NullableIn("0+")]
    public string? ErrorMessage { get; set; } = "";
    public ReadOnlyMemory<byte> AuthBytes { get; set; }
    [Versions("1+")]
    public long SessionLifetimeMs { get; set; }
}
