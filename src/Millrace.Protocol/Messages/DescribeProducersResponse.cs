namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.DescribeProducers, "0", flexible: "0+")]
internal sealed partial class DescribeProducersResponse
{
    public int ThrottleTimeMs { get; set; }
    public List<TopicResponse> Topics { get; set; } = [];

    internal sealed partial class TopicResponse
    {
        public string Name { get; set; } = "";
        public List<PartitionResponse> Partitions { get; set; } = [];
    }

    internal sealed partial class PartitionResponse
    {
        public int PartitionIndex { get; set; }
        public ErrorCode ErrorCode { get; set; }
        [NullableIn("0+")]
        public string? ErrorMessage { get; set; }
        public List<ProducerState> ActiveProducers { get; set; } = [];
    }

    internal sealed partial class ProducerState
    {
        public long ProducerId { get; set; }
        public int ProducerEpoch { get; set; }
        public int LastSequence { get; set; } = -1;
        public long LastTimestamp { get; set; } = -1;
        public int CoordinatorEpoch { get; set; }
        public long CurrentTxnStartOffset { get; set; } = -1;
    }
}
