namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.DescribeCluster, "0-2", flexible: "0+")]
internal sealed partial class DescribeClusterResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    [NullableIn("0+")]
    public string? ErrorMessage { get; set; }
    [Versions("1+")]
    public sbyte EndpointType { get; set; } = 1;
    public string ClusterId { get; set; } = "";
    public int ControllerId { get; set; } = -1;
    public List<DescribeClusterBroker> Brokers { get; set; } = [];
    public int ClusterAuthorizedOperations { get; set; } = int.MinValue;

    internal sealed partial class DescribeClusterBroker
    {
        public int BrokerId { get; set; }
        public string Host { get; set; } = "";
        public int Port { get; set; }
        [NullableIn("0+")]
        public string? Rack { get; set; }
        [Versions("2+")]
        public bool IsFenced { get; set; }
    }
}
