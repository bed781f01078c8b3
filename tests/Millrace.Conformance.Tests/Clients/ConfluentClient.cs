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
        ["many"] = ConfluentProducing.ManyAsync,
        ["acknowledgements"] = ConfluentProducing.AcknowledgementsAsync,
        ["headers"] = ConfluentProducing.HeadersAsync,
        ["nulls"] = ConfluentProducing.NullsAsync,
        ["big-record"] = ConfluentProducing.BigRecordAsync,
        ["too-large"] = ConfluentProducing.TooLargeAsync,
        ["keyed-order"] = ConfluentProducing.KeyedOrderAsync,
        ["idempotence"] = ConfluentProducing.IdempotenceAsync,
        ["group"] = ConfluentGroups.GroupAsync,
        ["static-member"] = ConfluentGroups.StaticMemberAsync,
        ["cooperative"] = ConfluentGroups.CooperativeAsync,
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
        ["group-offsets"] = ConfluentOffsets.OfGroupAsync,
        ["reset-offsets"] = ConfluentOffsets.ResetAsync,
        ["delete-offsets"] = ConfluentOffsets.DeleteAsync,
        ["delete-group"] = ConfluentGroups.DeleteGroupAsync,
        ["partitions"] = ConfluentTopics.PartitionsAsync,
        ["alter-config"] = ConfluentTopics.AlterConfigAsync,
        ["broker-config"] = (b, _) => ConfluentTopics.BrokerConfigAsync(b),
        ["list-offsets"] = ConfluentOffsets.ListAsync,
        ["compaction"] = ConfluentTopics.CompactionAsync,
        ["delete-records"] = ConfluentTopics.DeleteRecordsAsync,
        ["transactions"] = ConfluentTransactions.CommitAndAbortAsync,
        ["fencing"] = ConfluentTransactions.FencingAsync,
        ["transform"] = ConfluentTransactions.TransformAsync,
    };

    protected override IReadOnlyDictionary<string, Func<Listeners, string, Task<string>>> SecuredWays { get; } = new Dictionary<string, Func<Listeners, string, Task<string>>>
    {
        ["sasl-plain"] = (at, t) => ConfluentSecurity.LoginAsync(at, t, SaslMechanism.Plain),
        ["sasl-scram-256"] = (at, t) => ConfluentSecurity.LoginAsync(at, t, SaslMechanism.ScramSha256),
        ["sasl-scram-512"] = (at, t) => ConfluentSecurity.LoginAsync(at, t, SaslMechanism.ScramSha512),
        ["wrong-password"] = (at, _) => ConfluentSecurity.WrongPasswordAsync(at, SaslMechanism.Plain),
        ["wrong-password-scram"] = (at, _) => ConfluentSecurity.WrongPasswordAsync(at, SaslMechanism.ScramSha512),
        ["tls"] = ConfluentSecurity.TlsAsync,
    };

    public override Task<string?> MissingAsync() => Task.FromResult<string?>(null);
}
