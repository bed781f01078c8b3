namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.CreateTopics, "2-7", flexible: "5+")]
internal sealed partial class CreateTopicsResponse
{
    public int ThrottleTimeMs { get; set; }
    public List<CreatableTopicResult> Topics { get; set; } = [];

    internal sealed partial class CreatableTopicResult
    {
        public string Name { get; set; } = "";
        [Versions("7+")]
        public Guid TopicId { get; set; }
        public ErrorCode ErrorCode { get; set; }
        [NullableIn("0+")]
        public string? ErrorMessage { get; set; } = "";
        [Tag(0, "5+")]
        public ErrorCode TopicConfigErrorCode { get; set; }
        [Versions("5+")]
        public int NumPartitions { get; set; } = -1;
        [Versions("5+")]
        public short ReplicationFactor { get; set; } = -1;
        [Versions("5+"), NullableIn("5+")]
        public List<CreatableTopicConfigs>? Configs { get; set; } = [];
    }

    internal sealed partial class CreatableTopicConfigs
    {
        [Versions("5+")]
        public string Name { get; set; } = "";
        [Versions("5+"), NullableIn("5+")]
        public string? Value { get; set; } = "";
        [Versions("5+")]
        public bool ReadOnly { get; set; }
        [Versions("5+")]
        public sbyte ConfigSource { get; set; } = -1;
        [Versions("5+")]
        public bool IsSensitive { get; set; }
    }
}
