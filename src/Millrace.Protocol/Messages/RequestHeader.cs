namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.None, "1-2", flexible: "2+")]
internal sealed partial class RequestHeader
{
    public short RequestApiKey { get; set; }
    public short RequestApiVersion { get; set; }
    public int CorrelationId { get; set; }
    [NullableIn("1+"), NeverFlexible]
    public string? ClientId { get; set; } = "";
}
