namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.FindCoordinator, "0-6", flexible: "3+")]
internal sealed partial class FindCoordinatorResponse
{
    [Versions("1+")]
    public int ThrottleTimeMs { get; set; }
    [Versions("0-3")]
    public ErrorCode ErrorCode { get; set; }
    [Versions("1-3"), NullableIn("1-3")]
    public string? ErrorMessage { get; set; } = "";
    [Versions("0-3")]
    public int NodeId { get; set; }
    [Versions("0-3")]
    public string Host { get; set; } = "";
    [Versions("0-3")]
    public int Port { get; set; }
    [Versions("4+")]
    public List<Coordinator> Coordinators { get; set; } = [];

    internal sealed partial class Coordinator
    {
        [Versions("4+")]
        public string Key { get; set; } = "";
        [Versions("4+")]
        public int NodeId { get; set; }
        [Versions("4+")]
        public string Host { get; set; } = "";
        [Versions("4+")]
        public int Port { get; set; }
        [Versions("4+")]
        public ErrorCode ErrorCode { get; set; }
        [Versions("4+"), NullableIn("4+")]
        public string? ErrorMessage { get; set; } = "";
    }
}
