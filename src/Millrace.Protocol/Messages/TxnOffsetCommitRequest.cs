namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.TxnOffsetCommit, "0-5", flexible: "3+")]
internal sealed partial class TxnOffsetCommitRequest
{
    public string TransactionalId { get; set; } = "";
    public string GroupId { get; set; } = "";
    public long ProducerId { get; set; }
    public short ProducerEpoch { get; set; }
    [Versions("3+")]
    public int GenerationId { get; set; } = -1;
    [Versions("3+")]
    public string MemberId { get; set; } = "";
    [Versions("3+"), NullableIn("3+")]
    public string? GroupInstanceId { get; set; }
    public List<TxnOffsetCommitRequestTopic> Topics { get; set; } = [];

    internal sealed partial class TxnOffsetCommitRequestTopic
    {
        public string Name { get; set; } = "";
        public List<TxnOffsetCommitRequestPartition> Partitions { get; set; } = [];
    }

    internal sealed partial class TxnOffsetCommitRequestPartition
    {
        public int PartitionIndex { get; set; }
        public long CommittedOffset { get; set; }
        [Versions("2+")]
        public int CommittedLeaderEpoch { get; set; } = -1;
        [NullableIn("0+")]
        public string? CommittedMetadata { get; set; } = "";
    }
}
