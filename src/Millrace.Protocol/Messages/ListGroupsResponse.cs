namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.ListGroups, "0-5", flexible: "3+")]
internal sealed partial class ListGroupsResponse
{
    [Versions("1+")]
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public List<ListedGroup> Groups { get; set; } = [];

    internal sealed partial class ListedGroup
    {
        public string GroupId { get; set; } = "";
        public string ProtocolType { get; set; } = "";
        [Versions("4+")]
        public string GroupState { get; set; } = "";
        [Versions("5+")]
        public string GroupType { get; set; } = "";
    }
}
