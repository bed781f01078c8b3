namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.CreatePartitions, "0-3", flexible: "2+")]
internal sealed partial class CreatePartitionsResponse
{
    public int ThrottleTimeMs { get; set; }
    public List<CreatePartitionsTopicResult> Results { get; set; } = [];

    internal sealed partial class CreatePartitionsTopicResult
    {
        public string Name { get; set; } = "";
        public ErrorCode ErrorCode { get; set; }
        [NullableIn("0+")]
        public string? ErrorMessage { get; set; }
    }
}
