namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.TxnOffsetCommit, "0-5", flexible: "3+")]
internal sealed partial class TxnOffsetCommitResponse
{
    public int ThrottleTimeMs { get; set; }
    public List<TxnOffsetCommitResponseTopic> Topics { get; set; } = [];

    internal sealed partial class TxnOffsetCommitResponseTopic
    {
        public string Name { get; set; } = "";
        public List<TxnOffsetCommitResponsePartition> Partitions { get; set; } = [];
    }

    internal sealed partial class TxnOffsetCommitResponsePartition
    {
        public int PartitionIndex { get; set; }
        public ErrorCode ErrorCode { get; set; }
    }
}
