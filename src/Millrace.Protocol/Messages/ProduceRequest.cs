namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.Produce, "3-13", flexible: "9+")]
internal sealed partial class ProduceRequest
{
    [NullableIn("3+")]
    public string? TransactionalId { get; set; }
    public short Acks { get; set; }
    public int TimeoutMs { get; set; }
    public List<TopicProduceData> TopicData { get; set; } = [];

    internal sealed partial class TopicProduceData
    {
        [Versions("0-12")]
        public string Name { get; set; } = "";
        [Versions("13+")]
        public Guid TopicId { get; set; }
        public List<PartitionProduceData> PartitionData { get; set; } = [];
    }

    internal sealed partial class PartitionProduceData
    {
        public int Index { get; set; }
        [NullableIn("0+")]
        public ReadOnlyMemory<byte>? Records { get; set; }
    }
}
