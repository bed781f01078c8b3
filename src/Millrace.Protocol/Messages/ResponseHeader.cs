namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.None, "0-1", flexible: "1+")]
internal sealed partial class ResponseHeader
{
    public int CorrelationId { get; set; }
}
