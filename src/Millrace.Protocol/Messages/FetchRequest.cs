namespace Millrace.Protocol.Messages;

[KafkaMessage(ApiKey.Fetch, "4-18", flexible: "12+")]
internal sealed partial class FetchRequest
{
    [NullableIn("12+"), Tag(0, "12+")]
    public string? ClusterId { get; set; }
    [Versions("0-14")]
    public int ReplicaId { get; set; } = -1;
    [Tag(1, "15+")]
    public ReplicaStateData? ReplicaState { get; set; }
    public int MaxWaitMs { get; set; }
    public int MinBytes { get; set; }
    public int MaxBytes { get; set; } = int.MaxValue;
    public sbyte IsolationLevel { get; set; }
    [Versions("7+")]
    public int SessionId { get; set; }
    [Versions("7+")]
    public int SessionEpoch { get; set; } = -1;
    public List<FetchTopic> Topics { get; set; } = [];
    [Versions("7+")]
    public List<ForgottenTopic> ForgottenTopicsData { get; set; } = [];
    [Versions("11+")]
    public string RackId { get; set; } = "";

    internal sealed partial class ReplicaStateData
    {
        [Versions("15+")]
        public int ReplicaId { get; set; } = -1;
        [Versions("15+")]
        public long ReplicaEpoch { get; set; } = -1;
    }

    internal sealed partial class FetchTopic
    {
        [Versions("0-12")]
        public string Topic { get; set; } = "";
        [Versions("13+")]
        public Guid TopicId { get; set; }
        public List<FetchPartition> Partitions { get; set; } = [];
    }

    internal sealed partial class ForgottenTopic
    {
        [Versions("7-12")]
        public string Topic { get; set; } = "";
        [Versions("13+")]
        public Guid TopicId { get; set; }
        [Versions("7+")]
        public List<int> Partitions { get; set; } = [];
    }

    internal sealed partial class FetchPartition
    {
        public int Partition { get; set; }
        [Versions("9+")]
        public int CurrentLeaderEpoch { get; set; } = -1;
        public long FetchOffset { get; set; }
        [Versions("12+")]
        public int LastFetchedEpoch { get; set; } = -1;
        [Versions("5+")]
        public long LogStartOffset { get; set; } = -1;
        public int PartitionMaxBytes { get; set; }
        [Tag(0, "17+")]
        public Guid ReplicaDirectoryId { get; set; }
        [Tag(1, "18+")]
        public long HighWatermark { get; set; } = long.MaxValue;
    }
}
