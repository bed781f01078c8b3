namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.ApiVersions, "0-4", flexible: "3+")]
internal sealed partial class ApiVersionsRequest
{
    [Versions("3+")]
    public string ClientSoftwareName { get; set; } = "";
    [Versions("3+")]
    public string ClientSoftwareVersion { get; set; } = "";
}
