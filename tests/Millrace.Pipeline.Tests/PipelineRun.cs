using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Pipeline.Read;
using Millrace.Testing;
using Npgsql;

namespace Millrace.Pipeline.Tests;

/// <summary>A topic, a database, and pipelines between them.</summary>
internal sealed class PipelineRun(TestTopic topic, TestDatabase database) : IAsyncDisposable
{
    public const string GroupId = "pipeline-consumer";

    public TestTopic Topic => topic;

    public TestDatabase Database => database;

    public LogCollector Log { get; } = new();

    public static async Task<PipelineRun> CreateAsync(KafkaServer kafka, PostgresFixture postgres, params (string Name, string Value)[] topicSettings)
    {
        var database = await postgres.CreateDatabaseAsync();
        return new PipelineRun(await kafka.CreateTopicAsync(3, topicSettings), database);
    }

    public Task<EventPipeline> StartAsync(int laneRecords = 2000) => StartAsync(options => options.LaneLimits = new LaneLimits(laneRecords, 1024 * 1024));

    public Task<EventPipeline> StartAsync(Action<PipelineOptions> configure)
    {
        var options = new PipelineOptions
        {
            BootstrapServers = topic.BootstrapServers,
            ConnectionString = database.ConnectionString,
            Topic = topic.Name,
            GroupId = $"{GroupId}-{topic.Name}",
        };
        configure(options);
        return EventPipeline.StartAsync(options, TimeProvider.System, Log, TestContext.Current.CancellationToken);
    }

    /// <summary>Makes the deleted topic again, as soon as the broker lets it.</summary>
    public Task RecreateTopicAsync() => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                await topic.CreateAsync(3);
                return true;
            }
            catch (CreateTopicsException)
            {
                return false;
            }
        },
        "the topic can be made again");

    /// <summary>Sends events with ids of their own, by user, as fast as the broker takes them; returns the ids once all are acknowledged.</summary>
    public async Task<HashSet<Guid>> SendAsync(int count)
    {
        using var producer = topic.Producer();
        var ids = new HashSet<Guid>(count);
        var sent = new List<Task>(count);
        for (var i = 0; i < count; i++)
        {
            var id = Guid.CreateVersion7();
            ids.Add(id);
            sent.Add(producer.ProduceAsync(topic.Name, new Message<byte[]?, byte[]?>
            {
                Key = Encoding.UTF8.GetBytes($"{i % 100}"),
                Value = Encoding.UTF8.GetBytes($$"""{"eventType":"page_view","eventId":"{{id}}","userId":{{i % 100}},"n":{{i}},"pad":"{{new string('x', 100)}}"}"""),
            }));
        }

        await Task.WhenAll(sent);
        return ids;
    }

    public Task<long> CountAsync(string table) => database.ScalarAsync<long>($"SELECT count(*) FROM pipeline.{table}");

    public Task EventuallyCountAsync(long expected, string table) =>
        Eventually.EqualAsync(expected, () => CountAsync(table), $"rows in {table}", TimeSpan.FromMinutes(2));

    /// <summary>Every id is in the table once, nothing else is, and the ledger accounts for all of it without gap or overlap.</summary>
    public async Task ShouldHoldExactlyAsync(HashSet<Guid> ids)
    {
        var stored = new List<Guid>();
        await using (var connection = new NpgsqlConnection(database.ConnectionString))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand("SELECT event_id FROM pipeline.events", connection);
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
                stored.Add(reader.GetGuid(0));
        }

        Assert.Equal(ids.Count, stored.Count);
        Assert.True(ids.SetEquals(stored));
        Assert.Equal(ids.Count, await database.ScalarAsync<long>("SELECT coalesce(sum(inserted), 0)::bigint FROM pipeline.ledger"));
        Assert.Equal(0, await database.ScalarAsync<long>(
            """
            SELECT count(*) FROM (
                SELECT from_offset, lag(to_offset) OVER (PARTITION BY partition ORDER BY from_offset) AS before FROM pipeline.ledger) AS ranges
             WHERE before <> from_offset
            """));
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT coalesce(sum(duplicates), 0)::bigint FROM pipeline.ledger"));
    }

    public async ValueTask DisposeAsync()
    {
        await topic.DisposeAsync();
        await database.DisposeAsync();
    }
}
