namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.DeleteGroups, "0-2", flexible: "2+")]
internal sealed partial class DeleteGroupsRequest
{
    public List<string> GroupsNames { get; set; } = [];
}
