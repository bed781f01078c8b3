namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.DeleteRecords, "0-2", flexible: "2+")]
internal sealed partial class DeleteRecordsResponse
{
    public int ThrottleTimeMs { get; set; }
    public List<DeleteRecordsTopicResult> Topics { get; set; } = [];

    internal sealed partial class DeleteRecordsTopicResult
    {
        public string Name { get; set; } = "";
        public List<DeleteRecordsPartitionResult> Partitions { get; set; } = [];
    }

    internal sealed partial class DeleteRecordsPartitionResult
    {
        public int PartitionIndex { get; set; }
        public long LowWatermark { get; set; }
        public ErrorCode ErrorCode { get; set; }
    }
}
