namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.OffsetForLeaderEpoch, "2-4", flexible: "4+")]
internal sealed partial class OffsetForLeaderEpochRequest
{
    [Versions("3+")]
    public int ReplicaId { get; set; } = -2;
    public List<OffsetForLeaderTopic> Topics { get; set; } = [];

    internal sealed partial class OffsetForLeaderTopic
    {
        public string Topic { get; set; } = "";
        public List<OffsetForLeaderPartition> Partitions { get; set; } = [];
    }

    internal sealed partial class OffsetForLeaderPartition
    {
        public int Partition { get; set; }
        public int CurrentLeaderEpoch { get; set; } = -1;
        public int LeaderEpoch { get; set; }
    }
}
