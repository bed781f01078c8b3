namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.InitProducerId, "0-6", flexible: "2+")]
internal sealed partial class InitProducerIdResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public long ProducerId { get; set; } = -1;
    public short ProducerEpoch { get; set; }
    [Versions("6+")]
    public long OngoingTxnProducerId { get; set; } = -1;
    [Versions("6+")]
    public short OngoingTxnProducerEpoch { get; set; } = -1;
}
