namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.InitProducerId, "0-6", flexible: "2+")]
internal sealed partial class InitProducerIdRequest
{
    [NullableIn("0+")]
    public string? TransactionalId { get; set; } = "";
    public int TransactionTimeoutMs { get; set; }
    [Versions("3+")]
    public long ProducerId { get; set; } = -1;
    [Versions("3+")]
    public short ProducerEpoch { get; set; } = -1;
    [Versions("6+")]
    public bool Enable2Pc { get; set; }
    [Versions("6+")]
    public bool KeepPreparedTxn { get; set; }
}
