namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.ListOffsets, "1-11", flexible: "6+")]
internal sealed partial class ListOffsetsRequest
{
    public int ReplicaId { get; set; }
    [Versions("2+")]
    public sbyte IsolationLevel { get; set; }
    public List<ListOffsetsTopic> Topics { get; set; } = [];
    [Versions("10+")]
    public int TimeoutMs { get; set; }

    internal sealed partial class ListOffsetsTopic
    {
        public string Name { get; set; } = "";
        public List<ListOffsetsPartition> Partitions { get; set; } = [];
    }

    internal sealed partial class ListOffsetsPartition
    {
        public int PartitionIndex { get; set; }
        [Versions("4+")]
        public int CurrentLeaderEpoch { get; set; } = -1;
        public long Timestamp { get; set; }
    }
}
