using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Pipeline;
using Millrace.Testing;
using Npgsql;

namespace Millrace.Operations.Tests;

/// <summary>A database with the pipeline's tables, a topic, the services over both, and a pipeline when a test wants one.</summary>
internal sealed class OperationsRun : IAsyncDisposable
{
    private static readonly string[] Migrations =
    [
        .. typeof(EventPipeline).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    private OperationsRun(TestDatabase database, OperationsSettings settings, TimeProvider time)
    {
        Database = database;
        Settings = settings;
        Source = NpgsqlDataSource.Create(settings.ConnectionString);
        Services = OperationsServices.Open(settings, time, NullLoggerFactory.Instance);
    }

    public static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public TestDatabase Database { get; }

    public OperationsSettings Settings { get; }

    public NpgsqlDataSource Source { get; }

    public OperationsServices Services { get; }

    public string Topic => Settings.Topic;

    public static async Task<OperationsRun> CreateAsync(PostgresFixture postgres, string bootstrapServers, TimeProvider time, int partitions = 3)
    {
        var database = await postgres.CreateDatabaseAsync();
        await MigrateAsync(database);
        var topic = $"test-{Guid.CreateVersion7():N}";
        var run = new OperationsRun(
            database,
            new OperationsSettings
            {
                ConnectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = true }.ConnectionString,
                BootstrapServers = bootstrapServers,
                Topic = topic,
                DeadLetterTopic = $"{topic}.dlq",
                GroupId = $"group-{topic}",
            },
            time);
        await run.CreateTopicAsync(topic, partitions);
        return run;
    }

    public static Task<OperationsRun> CreateAsync(PostgresFixture postgres, BrokerFixture broker) =>
        CreateAsync(postgres, broker.BootstrapServers, TimeProvider.System);

    public Task<EventPipeline> StartPipelineAsync() =>
        EventPipeline.StartAsync(
            new PipelineOptions
            {
                BootstrapServers = Settings.BootstrapServers,
                ConnectionString = Settings.ConnectionString,
                Topic = Settings.Topic,
                GroupId = Settings.GroupId,
            },
            TimeProvider.System, NullLoggerFactory.Instance, Cancelled);

    /// <summary>Sends records of user 42 to one partition, in order.</summary>
    public Task SendAsync(int partition, params IEnumerable<string?> values) => SendAsync(partition, "42", values);

    /// <summary>Sends records to one partition, in order, with a key or without one.</summary>
    public async Task SendAsync(int partition, string? key, IEnumerable<string?> values)
    {
        using var producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = Settings.BootstrapServers, EnableIdempotence = true }).Build();
        await Task.WhenAll(values.Select(value => producer.ProduceAsync(
            new TopicPartition(Topic, partition),
            new Message<byte[]?, byte[]?> { Key = key is null ? null : Encoding.UTF8.GetBytes(key), Value = value is null ? null : Encoding.UTF8.GetBytes(value) })));
    }

    /// <summary>Everything in a topic, by partition and offset.</summary>
    public List<ConsumeResult<byte[]?, byte[]?>> ReadAll(string topic)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig
        {
            BootstrapServers = Settings.BootstrapServers,
            GroupId = "reader",
            EnablePartitionEof = true,
            EnableAutoCommit = false,
        }).Build();
        using var admin = Admin();
        var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics[0].Partitions;
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(topic, partition.PartitionId, Offset.Beginning)));
        var records = new List<ConsumeResult<byte[]?, byte[]?>>();
        for (var open = partitions.Count; open > 0;)
        {
            var result = consumer.Consume(Eventually.Limit) ?? throw new TimeoutException("the topic does not end");
            if (result.IsPartitionEOF)
                open--;
            else
                records.Add(result);
        }

        return [.. records.OrderBy(record => record.Partition.Value).ThenBy(record => record.Offset.Value)];
    }

    public async Task CreateTopicAsync(string name, int partitions, params (string Name, string Value)[] configs)
    {
        using var admin = Admin();
        await admin.CreateTopicsAsync([new TopicSpecification
        {
            Name = name, NumPartitions = partitions, ReplicationFactor = 1, Configs = configs.ToDictionary(config => config.Name, config => config.Value),
        }]);
    }

    public async Task DeleteTopicAsync(string name)
    {
        using var admin = Admin();
        await admin.DeleteTopicsAsync([name]);
    }

    /// <summary>Makes the deleted topic again, as soon as the broker lets it.</summary>
    public Task RecreateTopicAsync(int partitions) => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                await CreateTopicAsync(Topic, partitions);
                return true;
            }
            catch (CreateTopicsException)
            {
                return false;
            }
        },
        "the topic can be made again");

    public IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Settings.BootstrapServers }).Build();

    /// <summary>A dead letter as the pipeline would have written it; returns its id.</summary>
    public async Task<Guid> AddDeadLetterAsync(
        int partition, long offset, string? value, string reason = "not_json", string detail = "The event is not valid JSON; the error is at byte 3.",
        string? key = "42", int attempts = 1, string? eventType = null, Guid? eventId = null, string? headers = null, string state = "new", string firstSeen = "now()")
    {
        var id = Guid.CreateVersion7();
        await using var command = Source.CreateCommand(
            $"""
            INSERT INTO pipeline.dead_letters (dead_letter_id, topic, kafka_partition, kafka_offset, record_timestamp, record_key, record_value,
                reason, detail, attempts, event_type, event_id, record_headers, state, first_seen, last_seen)
            VALUES ($1, $2, $3, $4, now(), $5, $6, $7, $8, $9, $10, $11, $12::text::jsonb, $13, {firstSeen}, {firstSeen})
            """);
        foreach (var parameter in new object?[]
        {
            id, Topic, partition, offset, key is null ? null : Encoding.UTF8.GetBytes(key), value is null ? null : Encoding.UTF8.GetBytes(value),
            reason, detail, attempts, eventType, eventId, headers, state,
        })
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter ?? DBNull.Value });
        }

        await command.ExecuteNonQueryAsync(Cancelled);
        return id;
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancelled) ?? throw new InvalidOperationException($"no row: {sql}"));
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    /// <summary>A position as a pipeline that was there would have left it.</summary>
    public Task AddPositionAsync(int partition, long nextOffset) => ExecuteAsync(
        $"INSERT INTO pipeline.consumer_positions (group_id, topic, partition, epoch, next_offset, owner) VALUES ('{Settings.GroupId}', '{Topic}', {partition}, 1, {nextOffset}, 'test')");

    /// <summary>A flush as a pipeline would have noted it.</summary>
    public Task AddLedgerAsync(
        int partition, long from, long to, int inserted = 0, int duplicates = 0, int dead = 0, int parked = 0, string at = "now()", int flushes = 1, bool skipped = false) => ExecuteAsync(
        $"""
        INSERT INTO pipeline.ledger (group_id, topic, partition, from_offset, to_offset, inserted, duplicates, dead, parked, epoch, committed_at, flushes, skipped)
        VALUES ('{Settings.GroupId}', '{Topic}', {partition}, {from}, {to}, {inserted}, {duplicates}, {dead}, {parked}, 1, {at}, {flushes}, {skipped})
        """);

    /// <summary>A user that is parked with these offsets.</summary>
    public async Task ParkAsync(int partition, string user, params IEnumerable<long> offsets)
    {
        await ExecuteAsync(
            $"""
            INSERT INTO pipeline.parked_users (group_id, topic, partition, user_id, reason, detail, attempts, next_attempt_at)
            VALUES ('{Settings.GroupId}', '{Topic}', {partition}, '{user}', 'rejected_by_database', '23514: no', 2, now() + interval '1 hour')
            """);
        foreach (var offset in offsets)
        {
            await ExecuteAsync(
                $$"""
                INSERT INTO pipeline.parked_events (group_id, topic, partition, kafka_offset, user_id, event_id, event_type, correlation_id, record_timestamp, record_value)
                VALUES ('{{Settings.GroupId}}', '{{Topic}}', {{partition}}, {{offset}}, '{{user}}', gen_random_uuid(), 'a', 'corr', now() - interval '1 minute', '{}')
                """);
        }
    }

    public async Task DeleteRecordsAsync(int partition, long before)
    {
        using var admin = Admin();
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(Topic, partition, before)]);
    }

    public Task<string> StateAsync(Guid letter) => ScalarAsync<string>($"SELECT state FROM pipeline.dead_letters WHERE dead_letter_id = '{letter}'");

    public Task<long> CountAsync(string table) => ScalarAsync<long>($"SELECT count(*) FROM pipeline.{table}");

    public Task EventuallyCountAsync(long expected, string table) =>
        Eventually.EqualAsync(expected, () => CountAsync(table), $"rows in {table}");

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        await Source.DisposeAsync();
        await Database.DisposeAsync();
    }

    private static async Task MigrateAsync(TestDatabase database)
    {
        // With the journal as the pipeline's migrator keeps it, so that a pipeline may start on the database too.
        await database.ExecuteAsync(
            """
            CREATE SCHEMA pipeline;
            CREATE TABLE pipeline.schema_versions (
                schemaversionsid serial PRIMARY KEY, scriptname varchar(255) NOT NULL, applied timestamp NOT NULL DEFAULT now());
            """);
        foreach (var name in Migrations)
        {
            await using var stream = typeof(EventPipeline).Assembly.GetManifestResourceStream(name)!;
            using var text = new StreamReader(stream);
            await database.ExecuteAsync(await text.ReadToEndAsync());
            await database.ExecuteAsync($"INSERT INTO pipeline.schema_versions (scriptname) VALUES ('{name}')");
        }
    }
}
