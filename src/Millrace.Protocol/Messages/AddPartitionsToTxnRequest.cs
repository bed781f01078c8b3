namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.AddPartitionsToTxn, "0-5", flexible: "3+")]
internal sealed partial class AddPartitionsToTxnRequest
{
    [Versions("4+")]
    public List<AddPartitionsToTxnTransaction> Transactions { get; set; } = [];
    [Versions("0-3")]
    public string V3AndBelowTransactionalId { get; set; } = "";
    [Versions("0-3")]
    public long V3AndBelowProducerId { get; set; }
    [Versions("0-3")]
    public short V3AndBelowProducerEpoch { get; set; }
    [Versions("0-3")]
    public List<AddPartitionsToTxnTopic> V3AndBelowTopics { get; set; } = [];

    internal sealed partial class AddPartitionsToTxnTransaction
    {
        [Versions("4+")]
        public string TransactionalId { get; set; } = "";
        [Versions("4+")]
        public long ProducerId { get; set; }
        [Versions("4+")]
        public short ProducerEpoch { get; set; }
        [Versions("4+")]
        public bool VerifyOnly { get; set; }
        [Versions("4+")]
        public List<AddPartitionsToTxnTopic> Topics { get; set; } = [];
    }

    internal sealed partial class AddPartitionsToTxnTopic
    {
        public string Name { get; set; } = "";
        public List<int> Partitions { get; set; } = [];
    }
}
