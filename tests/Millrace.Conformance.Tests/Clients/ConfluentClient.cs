using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>Confluent.Kafka, which is librdkafka.</summary>
public sealed class ConfluentClient : DrivenClient
{
    public override string Name => "Confluent.Kafka";

    protected override IReadOnlyDictionary<string, Func<string, string, Task<string>>> Ways { get; } = new Dictionary<string, Func<string, string, Task<string>>>
    {
        ["codec-none"] = (b, t) => ConfluentProducing.CodecAsync(b, t, CompressionType.None),
        ["codec-gzip"] = (b, t) => ConfluentProducing.CodecAsync(b, t, CompressionType.Gzip),
        ["codec-snappy"] = (b, t) => ConfluentProducing.CodecAsync(b, t, CompressionType.Snappy),
        ["codec-lz4"] = (b, t) => ConfluentProducing.CodecAsync(b, t, CompressionType.Lz4),
        ["codec-zstd"] = (b, t) => ConfluentProducing.CodecAsync(b, t, CompressionType.Zstd),
        ["headers"] = ConfluentProducing.HeadersAsync,
        ["nulls"] = ConfluentProducing.NullsAsync,
        ["big-record"] = ConfluentProducing.BigRecordAsync,
        ["too-large"] = ConfluentProducing.TooLargeAsync,
        ["keyed-order"] = ConfluentProducing.KeyedOrderAsync,
        ["idempotence"] = ConfluentProducing.IdempotenceAsync,
        ["group"] = ConfluentGroups.GroupAsync,
        ["commit"] = ConfluentConsuming.CommitAsync,
        ["seek"] = ConfluentConsuming.SeekAsync,
        ["by-time"] = (b, t) => ConfluentConsuming.ByTimeAsync(b, t, 4_500),
        ["by-time-edges"] = (b, t) => ConfluentConsuming.ByTimeAsync(b, t, -1),
        ["reset-earliest"] = (b, t) => ConfluentConsuming.ResetAsync(b, t, AutoOffsetReset.Earliest),
        ["reset-latest"] = (b, t) => ConfluentConsuming.ResetAsync(b, t, AutoOffsetReset.Latest),
        ["bad-offset"] = ConfluentConsuming.BadOffsetAsync,
        ["read-unknown"] = ConfluentConsuming.ReadUnknownAsync,
        ["topics"] = ConfluentTopics.TopicsAsync,
        ["delete-unknown"] = ConfluentTopics.DeleteUnknownAsync,
        ["bad-name"] = (b, _) => ConfluentSteps.CreateAsync(b, new TopicSpecification { Name = "no name", NumPartitions = 1 }),
        ["bad-replication"] = (b, t) => ConfluentSteps.CreateAsync(b, new TopicSpecification { Name = t, NumPartitions = 1, ReplicationFactor = 3 }),
        ["bad-config"] = (b, t) => ConfluentSteps.CreateAsync(b, new TopicSpecification { Name = t, NumPartitions = 1, Configs = new() { ["no.such.setting"] = "1" } }),
        ["topic-config"] = ConfluentTopics.TopicConfigAsync,
        ["groups"] = ConfluentGroups.GroupsAsync,
        ["delete-group"] = ConfluentGroups.DeleteGroupAsync,
        ["partitions"] = ConfluentTopics.PartitionsAsync,
        ["alter-config"] = ConfluentTopics.AlterConfigAsync,
        ["delete-records"] = ConfluentTopics.DeleteRecordsAsync,
        ["transactions"] = ConfluentTransactions.CommitAndAbortAsync,
        ["fencing"] = ConfluentTransactions.FencingAsync,
        ["transform"] = ConfluentTransactions.TransformAsync,
    };

    public override Task<string?> MissingAsync() => Task.FromResult<string?>(null);
}
