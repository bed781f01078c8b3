namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.SyncGroup, "0-5", flexible: "4+")]
internal sealed partial class SyncGroupResponse
{
    [Versions("1+")]
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    [Versions("5+"), NullableIn("5+")]
    public string? ProtocolType { get; set; }
    [Versions("5+"), NullableIn("5+")]
    public string? ProtocolName { get; set; }
    public ReadOnlyMemory<byte> Assignment { get; set; }
}
