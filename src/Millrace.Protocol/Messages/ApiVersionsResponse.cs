namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.ApiVersions, "0-4", flexible: "3+")]
internal sealed partial class ApiVersionsResponse
{
    public ErrorCode ErrorCode { get; set; }
    public List<ApiVersion> ApiKeys { get; set; } = [];
    [Versions("1+")]
    public int ThrottleTimeMs { get; set; }
    [Tag(0, "3+")]
    public List<SupportedFeatureKey> SupportedFeatures { get; set; } = [];
    [Tag(1, "3+")]
    public long FinalizedFeaturesEpoch { get; set; } = -1;
    [Tag(2, "3+")]
    public List<FinalizedFeatureKey> FinalizedFeatures { get; set; } = [];
    [Tag(3, "3+")]
    public bool ZkMigrationReady { get; set; }

    internal sealed partial class ApiVersion
    {
        public short ApiKey { get; set; }
        public short MinVersion { get; set; }
        public short MaxVersion { get; set; }
    }

    internal sealed partial class SupportedFeatureKey
    {
        [Versions("3+")]
        public string Name { get; set; } = "";
        [Versions("3+")]
        public short MinVersion { get; set; }
        [Versions("3+")]
        public short MaxVersion { get; set; }
    }

    internal sealed partial class FinalizedFeatureKey
    {
        [Versions("3+")]
        public string Name { get; set; } = "";
        [Versions("3+")]
        public short MaxVersionLevel { get; set; }
        [Versions("3+")]
        public short MinVersionLevel { get; set; }
    }
}
