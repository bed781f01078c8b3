using System.Text.Json;
using Confluent.Kafka.Admin;
using Millrace.Testing;
using static Millrace.Conformance.Tests.Clients.ConfluentSteps;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>What the Java tools do with topics, their settings and what is in them.</summary>
internal static class JavaTopics
{
    public static async Task<string> TopicsAsync(string bootstrap, string topic)
    {
        (await RunAsync("kafka-topics", bootstrap, "--create", "--topic", topic, "--partitions", "3")).ShouldSucceed();
        await ConfluentTopics.CountPartitionsAsync(bootstrap, topic, 3);
        var described = (await RunAsync("kafka-topics", bootstrap, "--describe", "--topic", topic)).ShouldSucceed().Output;
        var again = await RunAsync("kafka-topics", bootstrap, "--create", "--topic", topic);
        (await RunAsync("kafka-topics", bootstrap, "--delete", "--topic", topic)).ShouldSucceed();
        var listed = (await RunAsync("kafka-topics", bootstrap, "--list")).ShouldSucceed().Output.Split('\n');
        return $"{described.Split("\tPartition: ").Length - 1} partitions, {Code(again, "TopicExistsException", "TOPIC_ALREADY_EXISTS")}, {(listed.Contains(topic) ? "still there" : "gone")}";
    }

    public static async Task<string> PartitionsAsync(string bootstrap, string topic)
    {
        await CreateAsync(bootstrap, new TopicSpecification { Name = topic, NumPartitions = 2 });
        (await RunAsync("kafka-topics", bootstrap, "--alter", "--topic", topic, "--partitions", "5")).ShouldSucceed();
        return await ConfluentTopics.CountPartitionsAsync(bootstrap, topic, 5);
    }

    public static async Task<string> AlterConfigAsync(string bootstrap, string topic)
    {
        await CreateAsync(bootstrap, new TopicSpecification { Name = topic, NumPartitions = 1 });
        string[] entity = ["--entity-type", "topics", "--entity-name", topic];
        (await RunAsync("kafka-configs", bootstrap, ["--alter", .. entity, "--add-config", "retention.ms=1234567"])).ShouldSucceed();
        await ConfluentTopics.RetentionAsync(bootstrap, topic);
        var described = (await RunAsync("kafka-configs", bootstrap, ["--describe", .. entity])).ShouldSucceed().Output;
        return $"retention.ms {ValueOf("retention.ms", described)}";
    }

    public static async Task<string> BrokerConfigAsync(string bootstrap)
    {
        var described = (await RunAsync("kafka-configs", bootstrap, "--describe", "--entity-type", "brokers", "--entity-name", "1", "--all")).ShouldSucceed().Output;
        return $"node.id {ValueOf("node.id", described)}";
    }

    public static async Task<string> ListOffsetsAsync(string bootstrap, string topic)
    {
        await TenAsync(bootstrap, topic);
        return $"{await OffsetAsync(bootstrap, topic, "earliest")} to {await OffsetAsync(bootstrap, topic, "latest")}";
    }

    public static async Task<string> LogDirsAsync(string bootstrap, string topic)
    {
        await TenAsync(bootstrap, topic);
        var output = (await RunAsync("kafka-log-dirs", bootstrap, "--describe", "--topic-list", topic)).ShouldSucceed().Output;
        var brokers = JsonDocument.Parse(output.Split('\n').Single(line => line.StartsWith('{'))).RootElement.GetProperty("brokers");
        var there = brokers.EnumerateArray()
            .SelectMany(broker => broker.GetProperty("logDirs").EnumerateArray())
            .SelectMany(directory => directory.GetProperty("partitions").EnumerateArray())
            .Count(partition => partition.GetProperty("partition").GetString() == $"{topic}-0" && partition.GetProperty("size").GetInt64() > 0);
        return $"{there} partition on disk";
    }

    public static async Task<string> DeleteRecordsAsync(string bootstrap, string topic)
    {
        await TenAsync(bootstrap, topic);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, $$"""{"version":1,"partitions":[{"topic":"{{topic}}","partition":0,"offset":4}]}""");
            (await RunAsync("kafka-delete-records", bootstrap, "--offset-json-file", file)).ShouldSucceed();
        }
        finally
        {
            File.Delete(file);
        }

        return $"from {Read(bootstrap, topic, 6)[0].Offset.Value}";
    }

    public static async Task<string> ListTransactionsAsync(string bootstrap, string topic)
    {
        using var producer = Producer(bootstrap, config => config.TransactionalId = topic);
        producer.InitTransactions(Limit);
        producer.BeginTransaction();
        await SendAsync(producer, topic, 1);
        var listed = (await RunAsync("kafka-transactions", bootstrap, "list")).ShouldSucceed().Output;
        producer.AbortTransaction(Limit);
        // TransactionalId, Coordinator, ProducerId, TransactionState
        return listed.Split('\n').Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Single(columns => columns is [var id, ..] && id == topic)[3];
    }

    private static async Task TenAsync(string bootstrap, string topic)
    {
        using var producer = Producer(bootstrap);
        await SendAsync(producer, topic, 10);
    }

    /// <summary>The tool prints TOPIC:PARTITION:OFFSET.</summary>
    private static async Task<string> OffsetAsync(string bootstrap, string topic, string time) =>
        (await RunAsync("kafka-get-offsets", bootstrap, "--topic", topic, "--time", time)).ShouldSucceed().Output.Trim().Split(':')[^1];

    private static string ValueOf(string name, string described) =>
        described.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).First(word => word.StartsWith($"{name}=", StringComparison.Ordinal))[(name.Length + 1)..];

    private static string Code(CommandResult result, string says, string code) =>
        (result.Output + result.Error).Contains(says, StringComparison.Ordinal) ? code : result.Output + result.Error;

    private static Task<CommandResult> RunAsync(string tool, string bootstrap, params string[] arguments) =>
        KafkaTools.RunAsync(tool, ["--bootstrap-server", bootstrap, .. arguments]);
}
