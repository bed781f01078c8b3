namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.AddOffsetsToTxn, "0-4", flexible: "3+")]
internal sealed partial class AddOffsetsToTxnRequest
{
    public string TransactionalId { get; set; } = "";
    public long ProducerId { get; set; }
    public short ProducerEpoch { get; set; }
    public string GroupId { get; set; } = "";
}
