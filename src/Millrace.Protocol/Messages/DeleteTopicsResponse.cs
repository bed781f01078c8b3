namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.DeleteTopics, "1-6", flexible: "4+")]
internal sealed partial class DeleteTopicsResponse
{
    public int ThrottleTimeMs { get; set; }
    public List<DeletableTopicResult> Responses { get; set; } = [];

    internal sealed partial class DeletableTopicResult
    {
        [NullableIn("6+")]
        public string? Name { get; set; } = "";
        [Versions("6+")]
        public Guid TopicId { get; set; }
        public ErrorCode ErrorCode { get; set; }
        [Versions("5+"), NullableIn("5+")]
        public string? ErrorMessage { get; set; }
    }
}
