namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.DescribeConfigs, "1-4", flexible: "4+")]
internal sealed partial class DescribeConfigsRequest
{
    public List<DescribeConfigsResource> Resources { get; set; } = [];
    public bool IncludeSynonyms { get; set; }
    [Versions("3+")]
    public bool IncludeDocumentation { get; set; }

    internal sealed partial class DescribeConfigsResource
    {
        public sbyte ResourceType { get; set; }
        public string ResourceName { get; set; } = "";
        [NullableIn("0+")]
        public List<string>? ConfigurationKeys { get; set; } = [];
    }
}
