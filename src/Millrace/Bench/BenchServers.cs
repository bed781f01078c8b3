using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using Millrace.Broker;
using Millrace.LocalPostgres;
using Millrace.Pipeline;
using Millrace.Schemas.Catalog;
using Npgsql;

namespace Millrace.Bench;

/// <summary>
/// The broker and the database that are measured: the benchmark's own, on free ports and in a directory of their own, or real ones
/// that were named. On those it works in a topic and a database that it makes and drops again, never in what is there.
/// </summary>
internal sealed class BenchServers : IAsyncDisposable
{
    private readonly string _run = Guid.CreateVersion7().ToString("N")[^12..];
    private readonly List<string> _topics = [];
    private readonly BenchOptions _options;
    private readonly ILoggerFactory _loggers;
    private EmbeddedBroker? _broker;
    private LocalPostgresServer? _postgres;
    private string? _borrowedServer;

    private BenchServers(BenchOptions options, ILoggerFactory loggers) => (_options, _loggers) = (options, loggers);

    public string Folder { get; private set; } = "";

    public string BootstrapServers { get; private set; } = "";

    public string ConnectionString { get; private set; } = "";

    /// <summary>As a user that may write a checkpoint, where there is one.</summary>
    public string AdminConnectionString { get; private set; } = "";

    public static async Task<BenchServers> StartAsync(BenchOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var servers = new BenchServers(options, loggers);
        try
        {
            await servers.StartAsync(cancellationToken);
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async Task<string> CreateTopicAsync(string purpose)
    {
        var topic = $"bench-{_run}-{purpose}";
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = BenchOptions.Partitions, ReplicationFactor = -1 }]);
        _topics.Add(topic);
        return topic;
    }

    public Task<EventPipeline> StartPipelineAsync(
        string topic, string group, SchemaCatalog schemas, Action<FlushReport> flushed, CancellationToken cancellationToken) =>
        EventPipeline.StartAsync(
            new PipelineOptions
            {
                BootstrapServers = BootstrapServers,
                ConnectionString = ConnectionString,
                Topic = topic,
                GroupId = group,
                TopicPartitions = BenchOptions.Partitions,
                Schemas = schemas,
                Flushed = flushed,
            },
            TimeProvider.System,
            _loggers,
            cancellationToken);

    /// <summary>Empties the tables, after the first pipeline has made them, and lets the server settle.</summary>
    public async Task EmptyEventsAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var empty = new NpgsqlCommand(
            """
            DO $$ BEGIN
              IF to_regclass('pipeline.events') IS NOT NULL THEN TRUNCATE pipeline.events, pipeline.dead_letters, pipeline.ledger; END IF;
            END $$
            """,
            connection);
        await empty.ExecuteNonQueryAsync(cancellationToken);
        await SettleAsync(cancellationToken);
    }

    /// <summary>What one measurement left to write must not be charged to the next: a checkpoint between them.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(AdminConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var checkpoint = new NpgsqlCommand("CHECKPOINT", connection) { CommandTimeout = 0 };
        try
        {
            await checkpoint.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // A server of the user's own may not let us; the rounds then carry each other's checkpoints, which their spread shows.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_borrowedServer is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await ExecuteAsync(_borrowedServer, $"DROP DATABASE IF EXISTS bench_{_run} WITH (FORCE)", CancellationToken.None);
        }

        if (_broker is null && _topics.Count > 0)
        {
            using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).Build();
            await admin.DeleteTopicsAsync(_topics);
        }

        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }

        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        if (_options.Data is null && Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        // Below the working directory, where an instance's data would be too: a temporary directory may be no disk at all.
        Folder = Directory.CreateDirectory(_options.Data ?? $".millrace-bench-{_run}").FullName;
        if (_options.Kafka is { } kafka)
        {
            BootstrapServers = kafka;
        }
        else
        {
            _broker = await EmbeddedBroker.StartAsync(
                new BrokerOptions { DataDirectory = Path.Combine(Folder, "broker"), Port = 0 }, _loggers, cancellationToken);
            BootstrapServers = _broker.BootstrapServers;
        }

        if (_options.Postgres is { } postgres)
        {
            await ExecuteAsync(postgres, $"CREATE DATABASE bench_{_run}", cancellationToken);
            _borrowedServer = postgres;
            ConnectionString = AdminConnectionString =
                new NpgsqlConnectionStringBuilder(postgres) { Database = $"bench_{_run}" }.ConnectionString;
        }
        else
        {
            _postgres = await LocalPostgresServer.StartAsync(
                new LocalPostgresOptions { Directory = Path.Combine(Folder, "postgres"), Port = 25432 }, _loggers, cancellationToken);
            (ConnectionString, AdminConnectionString) = (_postgres.ConnectionString, _postgres.AdminConnectionString);
        }
    }

    private static async Task ExecuteAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
