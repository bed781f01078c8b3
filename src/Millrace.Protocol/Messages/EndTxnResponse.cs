namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.EndTxn, "0-5", flexible: "3+")]
internal sealed partial class EndTxnResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    [Versions("5+")]
    public long ProducerId { get; set; } = -1;
    [Versions("5+")]
    public short ProducerEpoch { get; set; } = -1;
}
