namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.DescribeConfigs, "1-4", flexible: "4+")]
internal sealed partial class DescribeConfigsResponse
{
    public int ThrottleTimeMs { get; set; }
    public List<DescribeConfigsResult> Results { get; set; } = [];

    internal sealed partial class DescribeConfigsResult
    {
        public ErrorCode ErrorCode { get; set; }
        [NullableIn("0+")]
        public string? ErrorMessage { get; set; } = "";
        public sbyte ResourceType { get; set; }
        public string ResourceName { get; set; } = "";
        public List<DescribeConfigsResourceResult> Configs { get; set; } = [];
    }

    internal sealed partial class DescribeConfigsResourceResult
    {
        public string Name { get; set; } = "";
        [NullableIn("0+")]
        public string? Value { get; set; } = "";
        public bool ReadOnly { get; set; }
        public sbyte ConfigSource { get; set; } = -1;
        public bool IsSensitive { get; set; }
        public List<DescribeConfigsSynonym> Synonyms { get; set; } = [];
        [Versions("3+")]
        public sbyte ConfigType { get; set; }
        [Versions("3+"), NullableIn("0+")]
        public string? Documentation { get; set; } = "";
    }

    internal sealed partial class DescribeConfigsSynonym
    {
        public string Name { get; set; } = "";
        [NullableIn("0+")]
        public string? Value { get; set; } = "";
        public sbyte Source { get; set; }
    }
}
