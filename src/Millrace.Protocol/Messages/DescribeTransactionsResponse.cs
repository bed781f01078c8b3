namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.DescribeTransactions, "0", flexible: "0+")]
internal sealed partial class DescribeTransactionsResponse
{
    public int ThrottleTimeMs { get; set; }
    public List<DescribedTransaction> TransactionStates { get; set; } = [];

    internal sealed partial class DescribedTransaction
    {
        public ErrorCode ErrorCode { get; set; }
        public string TransactionalId { get; set; } = "";
        public string TransactionState { get; set; } = "";
        public int TransactionTimeoutMs { get; set; }
        public long TransactionStartTimeMs { get; set; }
        public long ProducerId { get; set; }
        public short ProducerEpoch { get; set; }
        public List<TopicData> Topics { get; set; } = [];
    }

    internal sealed partial class TopicData
    {
        public string Topic { get; set; } = "";
        public List<int> Partitions { get; set; } = [];
    }
}
