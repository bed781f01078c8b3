using System.CommandLine;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Bench;

namespace Millrace.Broker.Benchmarks;

/// <summary>What a start costs where there is much: a thousand topics, a log of five gigabytes after a kill.</summary>
internal static class ScaleCommand
{
    private const int Topics = 1_000;
    private const long LogBytes = 5_000_000_000;
    private const int RecordBytes = 10_000;
    private const string TopicsName = "1,000 topics × 3 partitions";
    private const string LogName = "log of 5 GB after kill -9";

    public static Command Create()
    {
        var millrace = new Option<string>("--millrace") { HelpName = "PATH", Description = "The millrace-broker, or millrace, to measure.", DefaultValueFactory = _ => Programs.FindMillrace() };
        var directory = new Option<string>("--directory") { HelpName = "DIR", Description = "Where the data is meanwhile.", DefaultValueFactory = _ => Path.GetTempPath() };
        var rounds = new Option<int>("--rounds") { HelpName = "N", Description = "Starts of each.", DefaultValueFactory = _ => 3 };
        var command = new Command("scale", "Starts with a thousand topics, and with a log of five gigabytes after a kill.") { millrace, directory, rounds };
        command.SetAction(async (parsed, _) =>
        {
            var results = new Results("", limit: null);
            await TopicsAsync(results, NewServer(), parsed.GetValue(rounds)).ConfigureAwait(false);
            await LogAsync(results, NewServer(), parsed.GetValue(rounds)).ConfigureAwait(false);
            Console.WriteLine(Machine.Describe());
            results.Print(Console.Out);

            BrokerServer NewServer() => BrokerServer.Millrace(
                parsed.GetRequiredValue(millrace),
                Directory.CreateDirectory(Path.Combine(parsed.GetRequiredValue(directory), $"millrace-scale-{Guid.NewGuid():N}")).FullName);
        });
        return command;
    }

    private static async Task TopicsAsync(Results results, BrokerServer server, int rounds)
    {
        await using var owned = server;
        await StartMeasurement.ProcessAsync(server).ConfigureAwait(false);
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = server.BootstrapServers }).Build())
        {
            await admin.CreateTopicsAsync(
                Enumerable.Range(0, Topics).Select(i => new TopicSpecification { Name = $"topic-{i}", NumPartitions = Clients.Partitions, ReplicationFactor = 1 }),
                new CreateTopicsOptions { RequestTimeout = TimeSpan.FromMinutes(5), OperationTimeout = TimeSpan.FromMinutes(5) }).ConfigureAwait(false);
        }

        await FillEachAsync(server.BootstrapServers).ConfigureAwait(false);
        for (var round = 0; round < rounds; round++)
        {
            await server.StopAsync().ConfigureAwait(false);
            results.Add($"{TopicsName}: start, ms", "after a stop", await StartMeasurement.ProcessAsync(server).ConfigureAwait(false));
            await server.KillAsync().ConfigureAwait(false);
            results.Add($"{TopicsName}: start, ms", "after kill -9", await StartMeasurement.ProcessAsync(server).ConfigureAwait(false));
        }

        var (megabytes, cpu) = await IdleMeasurement.RunAsync(server).ConfigureAwait(false);
        results.Add($"{TopicsName}: idle, % of a core", "no clients", cpu);
        results.Add($"{TopicsName}: idle, MB", "no clients", megabytes);
    }

    /// <summary>A record in each partition: empty files would be too easy.</summary>
    private static async Task FillEachAsync(string bootstrapServers)
    {
        using var producer = Clients.Producer(bootstrapServers, _ => { });
        var sent = from topic in Enumerable.Range(0, Topics)
                   from partition in Enumerable.Range(0, Clients.Partitions)
                   select producer.ProduceAsync(new TopicPartition($"topic-{topic}", partition), new Message<Null, byte[]> { Value = [1] });
        await Task.WhenAll(sent).ConfigureAwait(false);
    }

    private static async Task LogAsync(Results results, BrokerServer server, int rounds)
    {
        await using var owned = server;
        await StartMeasurement.ProcessAsync(server).ConfigureAwait(false);
        await Clients.CreateTopicAsync(server.BootstrapServers, "large", new Dictionary<string, string>()).ConfigureAwait(false);
        Fill(server.BootstrapServers);
        for (var round = 0; round < rounds; round++)
        {
            await server.KillAsync().ConfigureAwait(false);
            results.Add($"{LogName}: start, ms", "page cache as it was", await StartMeasurement.ProcessAsync(server).ConfigureAwait(false));
        }
    }

    private static void Fill(string bootstrapServers)
    {
        using var producer = Clients.BulkProducer(bootstrapServers);
        ProduceMeasurement.Send(producer, "large", (int)(LogBytes / RecordBytes), RecordBytes);
    }
}
