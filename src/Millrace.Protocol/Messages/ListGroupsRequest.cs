namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.ListGroups, "0-5", flexible: "3+")]
internal sealed partial class ListGroupsRequest
{
    [Versions("4+")]
    public List<string> StatesFilter { get; set; } = [];
    [Versions("5+")]
    public List<string> TypesFilter { get; set; } = [];
}
