namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.DeleteRecords, "0-2", flexible: "2+")]
internal sealed partial class DeleteRecordsRequest
{
    public List<DeleteRecordsTopic> Topics { get; set; } = [];
    public int TimeoutMs { get; set; }

    internal sealed partial class DeleteRecordsTopic
    {
        public string Name { get; set; } = "";
        public List<DeleteRecordsPartition> Partitions { get; set; } = [];
    }

    internal sealed partial class DeleteRecordsPartition
    {
        public int PartitionIndex { get; set; }
        public long Offset { get; set; }
    }
}
