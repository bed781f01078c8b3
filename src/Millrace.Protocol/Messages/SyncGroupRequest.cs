namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.SyncGroup, "0-5", flexible: "4+")]
internal sealed partial class SyncGroupRequest
{
    public string GroupId { get; set; } = "";
    public int GenerationId { get; set; }
    public string MemberId { get; set; } = "";
    [Versions("3+"), NullableIn("3+")]
    public string? GroupInstanceId { get; set; }
    [Versions("5+"), NullableIn("5+")]
    public string? ProtocolType { get; set; }
    [Versions("5+"), NullableIn("5+")]
    public string? ProtocolName { get; set; }
    public List<SyncGroupRequestAssignment> Assignments { get; set; } = [];

    internal sealed partial class SyncGroupRequestAssignment
    {
        public string MemberId { get; set; } = "";
        public ReadOnlyMemory<byte> Assignment { get; set; }
    }
}
