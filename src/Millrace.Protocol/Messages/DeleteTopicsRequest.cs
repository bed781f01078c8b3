namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.DeleteTopics, "1-6", flexible: "4+")]
internal sealed partial class DeleteTopicsRequest
{
    [Versions("6+")]
    public List<DeleteTopicState> Topics { get; set; } = [];
    [Versions("0-5")]
    public List<string> TopicNames { get; set; } = [];
    public int TimeoutMs { get; set; }

    internal sealed partial class DeleteTopicState
    {
        [Versions("6+"), NullableIn("6+")]
        public string? Name { get; set; }
        [Versions("6+")]
        public Guid TopicId { get; set; }
    }
}
