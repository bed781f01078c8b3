using Millrace.Testing;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>The tools of Apache Kafka 4.3. Each run starts a JVM, so what only prepares or looks is done by another client.</summary>
public sealed class JavaToolsClient : DrivenClient
{
    public override string Name => "Java tools";

    protected override IReadOnlyDictionary<string, Func<string, string, Task<string>>> Ways { get; } = new Dictionary<string, Func<string, string, Task<string>>>
    {
        ["many"] = JavaProducing.ManyAsync,
        ["acknowledgements"] = JavaProducing.AcknowledgementsAsync,
        ["static-member"] = JavaGroups.StaticMemberAsync,
        ["cooperative"] = JavaGroups.CooperativeAsync,
        ["commit"] = JavaGroups.CommitAsync,
        ["topics"] = JavaTopics.TopicsAsync,
        ["groups"] = JavaGroups.GroupsAsync,
        ["group-offsets"] = JavaGroups.OffsetsAsync,
        ["reset-offsets"] = JavaGroups.ResetOffsetsAsync,
        ["delete-offsets"] = JavaGroups.DeleteOffsetsAsync,
        ["partitions"] = JavaTopics.PartitionsAsync,
        ["alter-config"] = JavaTopics.AlterConfigAsync,
        ["broker-config"] = (b, _) => JavaTopics.BrokerConfigAsync(b),
        ["list-offsets"] = JavaTopics.ListOffsetsAsync,
        ["log-dirs"] = JavaTopics.LogDirsAsync,
        ["delete-records"] = JavaTopics.DeleteRecordsAsync,
        ["list-transactions"] = JavaTopics.ListTransactionsAsync,
    };

    protected override IReadOnlyDictionary<string, Func<Listeners, string, Task<string>>> SecuredWays { get; } = new Dictionary<string, Func<Listeners, string, Task<string>>>
    {
        ["sasl-plain"] = (at, t) => JavaSecurity.LoginAsync(at, t, "PLAIN"),
        ["sasl-scram-256"] = (at, t) => JavaSecurity.LoginAsync(at, t, "SCRAM-SHA-256"),
        ["sasl-scram-512"] = (at, t) => JavaSecurity.LoginAsync(at, t, "SCRAM-SHA-512"),
        ["wrong-password"] = (at, t) => JavaSecurity.WrongPasswordAsync(at, t),
        ["tls"] = JavaSecurity.TlsAsync,
    };

    public override Task<string?> MissingAsync() => Task.FromResult(RealKafka.Missing);
}
