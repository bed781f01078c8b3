namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.ListOffsets, "1-11", flexible: "6+")]
internal sealed partial class ListOffsetsResponse
{
    [Versions("2+")]
    public int ThrottleTimeMs { get; set; }
    public List<ListOffsetsTopicResponse> Topics { get; set; } = [];

    internal sealed partial class ListOffsetsTopicResponse
    {
        public string Name { get; set; } = "";
        public List<ListOffsetsPartitionResponse> Partitions { get; set; } = [];
    }

    internal sealed partial class ListOffsetsPartitionResponse
    {
        public int PartitionIndex { get; set; }
        public ErrorCode ErrorCode { get; set; }
        public long Timestamp { get; set; } = -1;
        public long Offset { get; set; } = -1;
        [Versions("4+")]
        public int LeaderEpoch { get; set; } = -1;
    }
}
