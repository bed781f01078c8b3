using Millrace.Testing;

namespace Millrace.Broker.Tests.Clients;

/// <summary>Driven by the tools of Apache Kafka 4.3, in Java.</summary>
public sealed class JavaToolsTests
{
    [Fact]
    public async Task Event_goes_from_console_producer_to_console_consumer_and_the_group_is_described()
    {
        await using var broker = await TestBroker.StartAsync(o => o.DefaultPartitions = 3);
        string[] server = ["--bootstrap-server", broker.BootstrapServers];
        const string Event = """{"eventType":"user_signup","userId":123}""";
        (await KafkaTools.RunAsync("kafka-console-producer", ["--topic", "events", .. server], Event + "\n")).ShouldSucceed();
        var read = (await KafkaTools.RunAsync(
            "kafka-console-consumer",
            ["--topic", "events", "--group", "pipeline-consumer", "--from-beginning", "--max-messages", "1", .. server])).ShouldSucceed();
        Assert.Equal(Event, read.Output.Trim());

        var described = (await KafkaTools.RunAsync("kafka-consumer-groups", [.. server, "--describe", "--group", "pipeline-consumer"])).ShouldSucceed();
        var rows = described.Output.Split('\n').Where(l => l.StartsWith("pipeline-consumer", StringComparison.Ordinal))
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.Equal(3, rows.Count);
        Assert.All(rows, row => Assert.Equal(("events", "0"), (row[1], row[5])));
        Assert.Equal(1, rows.Sum(row => int.Parse(row[3])));
    }

    [Fact]
    public async Task Topics_are_created_described_and_deleted()
    {
        await using var broker = await TestBroker.StartAsync();
        string[] server = ["--bootstrap-server", broker.BootstrapServers];
        (await KafkaTools.RunAsync(
            "kafka-topics", [.. server, "--create", "--topic", "t", "--partitions", "2", "--config", "cleanup.policy=compact"])).ShouldSucceed();
        var described = (await KafkaTools.RunAsync("kafka-topics", [.. server, "--describe", "--topic", "t"])).ShouldSucceed();
        Assert.Contains("PartitionCount: 2", described.Output);
        Assert.Contains("cleanup.policy=compact", described.Output);
        var configs = (await KafkaTools.RunAsync("kafka-configs", [.. server, "--describe", "--entity-type", "brokers", "--entity-name", "1", "--all"])).ShouldSucceed();
        Assert.Contains("auto.create.topics.enable=true", configs.Output);
        (await KafkaTools.RunAsync("kafka-topics", [.. server, "--delete", "--topic", "t"])).ShouldSucceed();
        Assert.DoesNotContain("t", (await KafkaTools.RunAsync("kafka-topics", [.. server, "--list"])).ShouldSucceed().Output.Split('\n'));
    }

    [Fact]
    public async Task Idempotent_producer_writes_every_record_once_and_offsets_are_told()
    {
        await using var broker = await TestBroker.StartAsync(o => o.DefaultPartitions = 3);
        string[] server = ["--bootstrap-server", broker.BootstrapServers];
        const int Count = 20_000;
        (await KafkaTools.RunAsync(
            "kafka-producer-perf-test",
            [.. server, "--topic", "t", "--num-records", $"{Count}", "--record-size", "300", "--throughput", "-1",
                "--command-property", "acks=all", "--command-property", "enable.idempotence=true"])).ShouldSucceed();
        var offsets = (await KafkaTools.RunAsync("kafka-get-offsets", [.. server, "--topic", "t"])).ShouldSucceed();
        Assert.Equal(Count, offsets.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(l => int.Parse(l.Split(':')[2])));
        var consumed = (await KafkaTools.RunAsync(
            "kafka-consumer-perf-test", [.. server, "--topic", "t", "--num-records", $"{Count}"])).ShouldSucceed();
        Assert.Contains($", {Count}, ", consumed.Output);
    }

    [Fact]
    public async Task Transactional_producer_commits_and_transactions_are_listed()
    {
        await using var broker = await TestBroker.StartAsync(o => o.DefaultPartitions = 3);
        string[] server = ["--bootstrap-server", broker.BootstrapServers];
        const int Count = 3_000;
        (await KafkaTools.RunAsync(
            "kafka-producer-perf-test",
            [.. server, "--topic", "t", "--num-records", $"{Count}", "--record-size", "300", "--throughput", "-1",
                "--transactional-id", "perf", "--transaction-duration-ms", "50"])).ShouldSucceed();
        Assert.Equal(Count, TransactionTests.ReadAll(broker.BootstrapServers, "t", Confluent.Kafka.IsolationLevel.ReadCommitted).Count);
        var listed = (await KafkaTools.RunAsync("kafka-transactions", [.. server, "list"])).ShouldSucceed();
        Assert.Contains("CompleteCommit", listed.Output.Split('\n').Single(l => l.StartsWith("perf", StringComparison.Ordinal)));
    }
}
