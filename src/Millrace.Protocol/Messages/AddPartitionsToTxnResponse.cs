namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.AddPartitionsToTxn, "0-5", flexible: "3+")]
internal sealed partial class AddPartitionsToTxnResponse
{
    public int ThrottleTimeMs { get; set; }
    [Versions("4+")]
    public ErrorCode ErrorCode { get; set; }
    [Versions("4+")]
    public List<AddPartitionsToTxnResult> ResultsByTransaction { get; set; } = [];
    [Versions("0-3")]
    public List<AddPartitionsToTxnTopicResult> ResultsByTopicV3AndBelow { get; set; } = [];

    internal sealed partial class AddPartitionsToTxnResult
    {
        [Versions("4+")]
        public string TransactionalId { get; set; } = "";
        [Versions("4+")]
        public List<AddPartitionsToTxnTopicResult> TopicResults { get; set; } = [];
    }

    internal sealed partial class AddPartitionsToTxnTopicResult
    {
        public string Name { get; set; } = "";
        public List<AddPartitionsToTxnPartitionResult> ResultsByPartition { get; set; } = [];
    }

    internal sealed partial class AddPartitionsToTxnPartitionResult
    {
        public int PartitionIndex { get; set; }
        public ErrorCode PartitionErrorCode { get; set; }
    }
}
