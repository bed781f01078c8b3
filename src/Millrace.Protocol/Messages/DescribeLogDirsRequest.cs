namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.DescribeLogDirs, "1-5", flexible: "2+")]
internal sealed partial class DescribeLogDirsRequest
{
    [NullableIn("0+")]
    public List<DescribableLogDirTopic>? Topics { get; set; } = [];

    internal sealed partial class DescribableLogDirTopic
    {
        public string Topic { get; set; } = "";
        public List<int> Partitions { get; set; } = [];
    }
}
