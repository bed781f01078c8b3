namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.DescribeTransactions, "0", flexible: "0+")]
internal sealed partial class DescribeTransactionsRequest
{
    public List<string> TransactionalIds { get; set; } = [];
}
