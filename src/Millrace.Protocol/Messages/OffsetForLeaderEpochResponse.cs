namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.OffsetForLeaderEpoch, "2-4", flexible: "4+")]
internal sealed partial class OffsetForLeaderEpochResponse
{
    public int ThrottleTimeMs { get; set; }
    public List<OffsetForLeaderTopicResult> Topics { get; set; } = [];

    internal sealed partial class OffsetForLeaderTopicResult
    {
        public string Topic { get; set; } = "";
        public List<EpochEndOffset> Partitions { get; set; } = [];
    }

    internal sealed partial class EpochEndOffset
    {
        public ErrorCode ErrorCode { get; set; }
        public int Partition { get; set; }
        public int LeaderEpoch { get; set; } = -1;
        public long EndOffset { get; set; } = -1;
    }
}
