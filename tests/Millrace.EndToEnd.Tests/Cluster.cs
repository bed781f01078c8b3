using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Broker;
using Millrace.Testing;

namespace Millrace.EndToEnd.Tests;

/// <summary>
/// A Kafka and a database that no Millrace process owns, as they are in a company: <c>millrace run</c> processes come and go beside them, and commands
/// are told where they are by the environment.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly List<RunProcess> _processes = [];
    private readonly IAsyncDisposable _kafka;
    private readonly DirectoryInfo _folder;

    private Cluster(IAsyncDisposable kafka, string bootstrapServers, TestDatabase database, DirectoryInfo folder)
    {
        _kafka = kafka;
        _folder = folder;
        Kafka = bootstrapServers;
        Database = database;
        Environment = new Dictionary<string, string>
        {
            ["MILLRACE__KAFKA__BOOTSTRAPSERVERS"] = bootstrapServers,
            ["MILLRACE__POSTGRES__CONNECTIONSTRING"] = database.ConnectionString,

            // The least that brokers allow, so that a test waits for a dead process no longer than it must.
            ["MILLRACE__Kafka__Settings__session.timeout.ms"] = "6000",
            ["MILLRACE__Kafka__Settings__heartbeat.interval.ms"] = "1000",
            ["USER"] = "tester",
        };
    }

    public string Kafka { get; }

    public TestDatabase Database { get; }

    /// <summary>What processes and commands are started with; a test may add to it.</summary>
    public Dictionary<string, string> Environment { get; }

    public static async Task<Cluster> OnEmbeddedBrokerAsync(PostgresFixture postgres)
    {
        var database = await postgres.CreateDatabaseAsync();
        var folder = Directory.CreateTempSubdirectory("millrace-e2e-");
        var broker = await EmbeddedBroker.StartAsync(
            new BrokerOptions { DataDirectory = Path.Combine(folder.FullName, "broker"), Port = 0 }, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        return new Cluster(broker, broker.BootstrapServers, database, folder);
    }

    public static async Task<Cluster> OnApacheKafkaAsync(PostgresFixture postgres)
    {
        var kafka = await RealKafka.StartAsync();
        return new Cluster(kafka, kafka.BootstrapServers, await postgres.CreateDatabaseAsync(), Directory.CreateTempSubdirectory("millrace-e2e-"));
    }

    /// <summary>Another <c>millrace run</c>; returns when it says that it is ready.</summary>
    public async Task<RunProcess> StartProcessAsync(params string[] options)
    {
        var process = await RunProcess.StartAsync(Environment, _folder.FullName, options);
        _processes.Add(process);
        return process;
    }

    /// <summary>Runs a command as an operator would, to its end.</summary>
    public Task<CommandResult> RunAsync(params string[] arguments) =>
        CommandLine.RunAsync(RunningMillrace.Executable, arguments, environment: Environment, directory: _folder.FullName);

    public async Task RaisePartitionsAsync(int to)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Kafka }).SetLogHandler((_, _) => { }).Build();
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = "events", IncreaseTo = to }]);
    }

    /// <summary>A file that a command can be given.</summary>
    public async Task<string> WriteFileAsync(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        await File.WriteAllTextAsync(path, content);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await _kafka.DisposeAsync();
        await Database.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
