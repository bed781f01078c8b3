using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Pipeline.Migrations;
using Millrace.Registry.Versions;
using Millrace.Testing;
using Npgsql;

namespace Millrace.Registry.Tests;

/// <summary>A database with the pipeline's tables, and the registry over it.</summary>
internal sealed class RegistryRun : IAsyncDisposable
{
    public const string Actor = "tester";

    private RegistryRun(TestDatabase database)
    {
        Database = database;
        Settings = new RegistrySettings
        {
            ConnectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = true }.ConnectionString,
        };
        Registry = SchemaRegistry.Open(Settings, TimeProvider.System);
    }

    public static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public TestDatabase Database { get; }

    public RegistrySettings Settings { get; }

    public SchemaRegistry Registry { get; }

    public static async Task<RegistryRun> CreateAsync(PostgresFixture postgres)
    {
        var database = await postgres.CreateDatabaseAsync();
        await PipelineDatabase.MigrateAsync(database.ConnectionString, NullLoggerFactory.Instance, Cancelled);
        return new RegistryRun(database);
    }

    /// <summary>Registers a schema, and puts it into force if asked.</summary>
    public Task<ChangeResult> AddAsync(string eventType, string schema, bool activate = false, int? version = null) =>
        Registry.Versions.RegisterAsync(
            new RegisterRequest(eventType, Encoding.UTF8.GetBytes(schema), Actor) { Activate = activate, Version = version }, Cancelled);

    public Task<ChangeResult> ActivateAsync(string eventType, int version) => Registry.Versions.ActivateAsync(eventType, version, Actor, Cancelled);

    /// <summary>The versions of a type as <c>1 active, 2 draft</c>.</summary>
    public async Task<string> StatesAsync(string eventType) =>
        string.Join(", ", (await Registry.Versions.OfTypeAsync(eventType, Cancelled)).Select(version => $"{version.Version} {version.State.Code()}"));

    /// <summary>What was noted, oldest first, as <c>action target</c>.</summary>
    public Task<string> NotesAsync() =>
        Database.ScalarAsync<string>("SELECT coalesce(string_agg(action || ' ' || target, '; ' ORDER BY operation_id), '') FROM pipeline.operations");

    /// <summary>Stores events as the pipeline would have; they are of partition 9.</summary>
    public async Task StoreAsync(string eventType, params string[] payloads)
    {
        foreach (var payload in payloads)
        {
            await Database.ExecuteAsync(
                $"""
                INSERT INTO pipeline.events (event_id, event_type, occurred_at, payload, kafka_partition, kafka_offset)
                VALUES (gen_random_uuid(), '{eventType}', now(), '{payload}', 9, 0)
                """);
        }
    }

    /// <summary>A dead letter as the pipeline would have written it.</summary>
    public Task AddDeadLetterAsync(string eventType, string reason, string value, string state = "new") => Database.ExecuteAsync(
        $"""
        INSERT INTO pipeline.dead_letters (dead_letter_id, topic, kafka_partition, kafka_offset, record_timestamp, record_value, reason, detail, event_type, state)
        VALUES (gen_random_uuid(), 'events', 0, 0, now(), convert_to('{value}', 'UTF8'), '{reason}', '', '{eventType}', '{state}')
        """);

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        await Database.DisposeAsync();
    }
}
