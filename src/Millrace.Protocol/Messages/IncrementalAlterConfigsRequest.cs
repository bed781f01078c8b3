namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.IncrementalAlterConfigs, "0-1", flexible: "1+")]
internal sealed partial class IncrementalAlterConfigsRequest
{
    public List<AlterConfigsResource> Resources { get; set; } = [];
    public bool ValidateOnly { get; set; }

    internal sealed partial class AlterConfigsResource
    {
        public sbyte ResourceType { get; set; }
        public string ResourceName { get; set; } = "";
        public List<AlterableConfig> Configs { get; set; } = [];
    }

    internal sealed partial class AlterableConfig
    {
        public string Name { get; set; } = "";
        public sbyte ConfigOperation { get; set; }
        [NullableIn("0+")]
        public string? Value { get; set; } = "";
    }
}
