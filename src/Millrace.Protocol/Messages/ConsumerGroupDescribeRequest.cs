namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.ConsumerGroupDescribe, "0-1", flexible: "0+")]
internal sealed partial class ConsumerGroupDescribeRequest
{
    public List<string> GroupIds { get; set; } = [];
    public bool IncludeAuthorizedOperations { get; set; }
}
