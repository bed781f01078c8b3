namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.ListTransactions, "0-2", flexible: "0+")]
internal sealed partial class ListTransactionsResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public List<string> UnknownStateFilters { get; set; } = [];
    public List<ListedTransaction> TransactionStates { get; set; } = [];

    internal sealed partial class ListedTransaction
    {
        public string TransactionalId { get; set; } = "";
        public long ProducerId { get; set; }
        public string TransactionState { get; set; } = "";
    }
}
