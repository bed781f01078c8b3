namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.DeleteGroups, "0-2", flexible: "2+")]
internal sealed partial class DeleteGroupsResponse
{
    public int ThrottleTimeMs { get; set; }
    public List<DeletableGroupResult> Results { get; set; } = [];

    internal sealed partial class DeletableGroupResult
    {
        public string GroupId { get; set; } = "";
        public ErrorCode ErrorCode { get; set; }
    }
}
