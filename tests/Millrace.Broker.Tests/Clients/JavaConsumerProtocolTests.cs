using System.Text.RegularExpressions;
using Millrace.Testing;

namespace Millrace.Broker.Tests.Clients;

/// <summary>The tools of Apache Kafka 4.3 with <c>group.protocol=consumer</c>: what they print is the same over this broker and over Apache Kafka.</summary>
public sealed partial class JavaConsumerProtocolTests
{
    [Fact]
    public async Task Tools_read_and_show_a_group_as_over_apache_kafka()
    {
        await using var kafka = await RealKafka.StartAsync();
        await using var broker = await TestBroker.StartAsync();

        var expected = await OutputsAsync(kafka.BootstrapServers);
        var actual = await OutputsAsync(broker.BootstrapServers);
        Assert.Equal(expected, actual);
        Assert.Contains("ends with 0\na\nb\nkafka-console-consumer", actual);
    }

    private static async Task<string> OutputsAsync(string bootstrapServers)
    {
        using (var client = await WireClient.ConnectAsync(int.Parse(bootstrapServers.Split(':')[1])))
        {
            await client.CreateTopicAsync("t", 3);
            await Eventually.TrueAsync(
                async () => (await client.ProduceAsync("t", Batches.Of("a", "b", "c"), partition: 1)).ErrorCode is Protocol.ErrorCode.None, "the topic is there");
        }

        string[] server = ["--bootstrap-server", bootstrapServers];
        var output = new List<string>();
        // Two consumers one after the other: the second goes on where the first has committed.
        await RunAsync("kafka-console-consumer", "--topic", "t", "--group", "g", "--from-beginning", "--max-messages", "2", "--command-property", "group.protocol=consumer");
        await RunAsync("kafka-console-consumer", "--topic", "t", "--group", "g", "--from-beginning", "--max-messages", "1", "--command-property", "group.protocol=consumer");
        await RunAsync("kafka-consumer-groups", "--describe", "--group", "g");
        var owned = new OwnedPartitions();
        await using (var _ = new ConsumerProtocolMember(bootstrapServers, "g", "t", owned, "m", isStatic: true))
        {
            await Eventually.TrueAsync(() => owned.CountOf("m") == 3, "the member has its partitions");
            await RunAsync("kafka-consumer-groups", "--describe", "--group", "g");
            await RunAsync("kafka-consumer-groups", "--describe", "--group", "g", "--members", "--verbose");
            await RunAsync("kafka-consumer-groups", "--describe", "--group", "g", "--state");
            await RunAsync("kafka-consumer-groups", "--list", "--state", "--type", "consumer");
            await RunAsync("kafka-groups", "--list");
        }

        await RunAsync("kafka-consumer-groups", "--delete", "--group", "g");
        return string.Join('\n', output);

        async Task RunAsync(string tool, params string[] arguments)
        {
            var result = await KafkaTools.RunAsync(tool, [.. server, .. arguments]);
            var text = MemberId().Replace(result.Output.Replace(bootstrapServers, "BROKER"), "MEMBER");
            output.Add($"{tool} {string.Join(' ', arguments)} ends with {result.ExitCode}");
            output.AddRange(text.Split('\n').Select(line => Blanks().Replace(line, " ").Trim()).Where(line => line.Length > 0).Order(StringComparer.Ordinal));
        }
    }

    [GeneratedRegex(@"(?<![\w+/-])[\w+/-]{22}(?![\w+/-])")]
    private static partial Regex MemberId();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
