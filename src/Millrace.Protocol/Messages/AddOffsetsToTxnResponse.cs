namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.AddOffsetsToTxn, "0-4", flexible: "3+")]
internal sealed partial class AddOffsetsToTxnResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
}
