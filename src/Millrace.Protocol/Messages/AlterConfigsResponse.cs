namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.AlterConfigs, "0-2", flexible: "2+")]
internal sealed partial class AlterConfigsResponse
{
    public int ThrottleTimeMs { get; set; }
    public List<AlterConfigsResourceResponse> Responses { get; set; } = [];

    internal sealed partial class AlterConfigsResourceResponse
    {
        public ErrorCode ErrorCode { get; set; }
        [NullableIn("0+")]
        public string? ErrorMessage { get; set; } = "";
        public sbyte ResourceType { get; set; }
        public string ResourceName { get; set; } = "";
    }
}
