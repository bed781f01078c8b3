namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.FindCoordinator, "0-6", flexible: "3+")]
internal sealed partial class FindCoordinatorRequest
{
    [Versions("0-3")]
    public string Key { get; set; } = "";
    [Versions("1+")]
    public sbyte KeyType { get; set; }
    [Versions("4+")]
    public List<string> CoordinatorKeys { get; set; } = [];
}
