namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.DescribeCluster, "0-2", flexible: "0+")]
internal sealed partial class DescribeClusterRequest
{
    public bool IncludeClusterAuthorizedOperations { get; set; }
    [Versions("1+")]
    public sbyte EndpointType { get; set; } = 1;
    [Versions("2+")]
    public bool IncludeFencedBrokers { get; set; }
}
