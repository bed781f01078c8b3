namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.DescribeGroups, "0-6", flexible: "5+")]
internal sealed partial class DescribeGroupsRequest
{
    public List<string> Groups { get; set; } = [];
    [Versions("3+")]
    public bool IncludeAuthorizedOperations { get; set; }
}
