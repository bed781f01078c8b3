namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.ListTransactions, "0-2", flexible: "0+")]
internal sealed partial class ListTransactionsRequest
{
    public List<string> StateFilters { get; set; } = [];
    public List<long> ProducerIdFilters { get; set; } = [];
    [Versions("1+")]
    public long DurationFilter { get; set; } = -1;
    [Versions("2+"), NullableIn("2+")]
    public string? TransactionalIdPattern { get; set; }
}
