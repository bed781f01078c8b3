namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.EndTxn, "0-5", flexible: "3+")]
internal sealed partial class EndTxnRequest
{
    public string TransactionalId { get; set; } = "";
    public long ProducerId { get; set; }
    public short ProducerEpoch { get; set; }
    public bool Committed { get; set; }
}
