namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.DescribeLogDirs, "1-5", flexible: "2+")]
internal sealed partial class DescribeLogDirsResponse
{
    public int ThrottleTimeMs { get; set; }
    [Versions("3+")]
    public ErrorCode ErrorCode { get; set; }
    public List<DescribeLogDirsResult> Results { get; set; } = [];

    internal sealed partial class DescribeLogDirsResult
    {
        public ErrorCode ErrorCode { get; set; }
        public string LogDir { get; set; } = "";
        public List<DescribeLogDirsTopic> Topics { get; set; } = [];
        [Versions("4+")]
        public long TotalBytes { get; set; } = -1;
        [Versions("4+")]
        public long UsableBytes { get; set; } = -1;
        [Versions("5+")]
        public bool IsCordoned { get; set; }
    }

    internal sealed partial class DescribeLogDirsTopic
    {
        public string Name { get; set; } = "";
        public List<DescribeLogDirsPartition> Partitions { get; set; } = [];
    }

    internal sealed partial class DescribeLogDirsPartition
    {
        public int PartitionIndex { get; set; }
        public long PartitionSize { get; set; }
        public long OffsetLag { get; set; }
        public bool IsFutureKey { get; set; }
    }
}
