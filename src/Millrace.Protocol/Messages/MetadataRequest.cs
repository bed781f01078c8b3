namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.Metadata, "0-13", flexible: "9+")]
internal sealed partial class MetadataRequest
{
    [NullableIn("1+")]
    public List<MetadataRequestTopic>? Topics { get; set; } = [];
    [Versions("4+")]
    public bool AllowAutoTopicCreation { get; set; } = true;
    [Versions("8-10")]
    public bool IncludeClusterAuthorizedOperations { get; set; }
    [Versions("8+")]
    public bool IncludeTopicAuthorizedOperations { get; set; }

    internal sealed partial class MetadataRequestTopic
    {
        [Versions("10+")]
        public Guid TopicId { get; set; }
        [NullableIn("10+")]
        public string? Name { get; set; } = "";
    }
}
