using Confluent.Kafka;
using Millrace.Testing;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>The tools of Apache Kafka 4.3. Each run starts a JVM, so there are few of them.</summary>
public sealed class JavaToolsClient : DrivenClient
{
    public override string Name => "Java tools";

    protected override IReadOnlyDictionary<string, Func<string, string, Task<string>>> Ways { get; } = new Dictionary<string, Func<string, string, Task<string>>>
    {
        ["commit"] = CommitAsync,
        ["topics"] = TopicsAsync,
        ["groups"] = GroupsAsync,
    };

    public override Task<string?> MissingAsync() => Task.FromResult(RealKafka.Missing);

    private static async Task<string> CommitAsync(string bootstrap, string topic)
    {
        await SendAsync(bootstrap, topic, 10);
        string[] options = ["--bootstrap-server", bootstrap, "--topic", topic, "--group", topic, "--timeout-ms", "60000", "--command-property", "auto.offset.reset=earliest"];
        var first = (await KafkaTools.RunAsync("kafka-console-consumer", [.. options, "--max-messages", "5"])).ShouldSucceed();
        Assert.Equal("v0\nv1\nv2\nv3\nv4\n", first.Output);
        var second = (await KafkaTools.RunAsync("kafka-console-consumer", [.. options, "--max-messages", "1", "--formatter-property", "print.offset=true"])).ShouldSucceed();
        return $"from {second.Output.Split('\t')[0].Replace("Offset:", "", StringComparison.Ordinal)}";
    }

    private static async Task<string> TopicsAsync(string bootstrap, string topic)
    {
        (await TopicsToolAsync(bootstrap, "--create", "--topic", topic, "--partitions", "3")).ShouldSucceed();
        var described = (await TopicsToolAsync(bootstrap, "--describe", "--topic", topic)).ShouldSucceed().Output;
        var again = await TopicsToolAsync(bootstrap, "--create", "--topic", topic);
        (await TopicsToolAsync(bootstrap, "--delete", "--topic", topic)).ShouldSucceed();
        var listed = (await TopicsToolAsync(bootstrap, "--list")).ShouldSucceed().Output.Split('\n');
        return $"{described.Split("\tPartition: ").Length - 1} partitions, {Code(again, "TopicExistsException", "TOPIC_ALREADY_EXISTS")}, {(listed.Contains(topic) ? "still there" : "gone")}";
    }

    private static async Task<string> GroupsAsync(string bootstrap, string topic)
    {
        using (var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = bootstrap }).Build())
            await producer.ProduceAsync(topic, new Message<Null, string> { Value = "v" });
        string stable;
        await using (var member = new ConfluentMember(bootstrap, topic))
        {
            await Eventually.TrueAsync(() => member.Seen == 1, "the member has its record");
            stable = await StateAsync(bootstrap, topic);
        }

        return $"{stable}, {await StateAsync(bootstrap, topic)}";
    }

    /// <summary>The last two columns of the tool: GROUP COORDINATOR (ID) ASSIGNMENT-STRATEGY STATE #MEMBERS.</summary>
    private static async Task<string> StateAsync(string bootstrap, string group)
    {
        var result = (await KafkaTools.RunAsync("kafka-consumer-groups", ["--bootstrap-server", bootstrap, "--describe", "--state", "--group", group])).ShouldSucceed();
        var columns = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return $"{columns[^2]} {columns[^1]}";
    }

    private static async Task SendAsync(string bootstrap, string topic, int count) =>
        (await KafkaTools.RunAsync(
            "kafka-console-producer",
            ["--bootstrap-server", bootstrap, "--topic", topic, "--compression-codec", "zstd", "--reader-property", "parse.key=true", "--reader-property", "key.separator=:"],
            string.Concat(Enumerable.Range(0, count).Select(i => $"k{i}:v{i}\n")))).ShouldSucceed();

    private static Task<CommandResult> TopicsToolAsync(string bootstrap, params string[] arguments) =>
        KafkaTools.RunAsync("kafka-topics", ["--bootstrap-server", bootstrap, .. arguments]);

    private static string Code(CommandResult result, string says, string code) =>
        (result.Output + result.Error).Contains(says, StringComparison.Ordinal) ? code : result.Output + result.Error;
}
