using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Pipeline.Ingest;
using Millrace.Pipeline.Tests.Write;
using Millrace.Testing;

namespace Millrace.Pipeline.Tests.Ingest;

public sealed class AcceptedLogTests(PostgresFixture postgres, KafkaFixture kafka) : IAsyncLifetime
{
    private PipelineDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await PipelineDatabase.CreateAsync(postgres);

    public ValueTask DisposeAsync() => _database?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Every_event_that_is_answered_with_202_is_noted_and_no_other()
    {
        await using var topic = await kafka.CreateTopicAsync();
        await using var host = await IngestHost.StartAsync(topic.BootstrapServers, topic.Name, options => options.ConnectionString = _database.ConnectionString);

        var answer = await host.PostAsync("""[{"eventType":"t","userId":1},{"userId":2},{"eventType":"t","userId":3},{"eventType":"t","userId":1}]""");

        Assert.Equal(HttpStatusCode.MultiStatus, answer.StatusCode);
        var records = IngestHost.ReadTopic(topic, 3);
        await Eventually.EqualAsync(3L, () => _database.ScalarAsync<long>("SELECT coalesce(sum(events), 0)::bigint FROM pipeline.accepted"), "noted events");
        foreach (var partition in records.CountBy(record => record.Partition))
        {
            Assert.Equal($"{{[0,{partition.Value})}}", await _database.ScalarAsync<string>(
                $"SELECT offsets::text FROM pipeline.accepted WHERE topic = '{topic.Name}' AND partition = {partition.Key}"));
        }
    }

    [Fact]
    public async Task Notes_wait_while_the_database_refuses_them_and_are_written_after()
    {
        await _database.ExecuteAsync("ALTER TABLE pipeline.accepted RENAME TO accepted_away");
        var logs = new LogCollector();
        await using var log = new AcceptedLog(_database.ConnectionString, "events", TimeProvider.System, logs.CreateLogger("test"));

        log.Note(0, 5);
        await Eventually.TrueAsync(() => logs.Has(LogLevel.Warning, "could not be noted"), "a warning");
        log.Note(0, 6);
        await _database.ExecuteAsync("ALTER TABLE pipeline.accepted_away RENAME TO accepted");

        await Eventually.EqualAsync("{[5,7)}", () => _database.ScalarAsync<string>(
            "SELECT coalesce(range_agg(part), '{}')::text FROM pipeline.accepted, unnest(offsets) AS part"), "both offsets");
    }

    [Fact]
    public async Task What_is_left_is_written_at_the_end()
    {
        await using (var log = new AcceptedLog(_database.ConnectionString, "events", TimeProvider.System, NullLogger.Instance))
        {
            log.Note(2, 10);
            log.Note(2, 11);
            log.Note(2, 13);
        }

        Assert.Equal("{[10,12),[13,14)} 3", await _database.ScalarAsync<string>("SELECT offsets::text || ' ' || events FROM pipeline.accepted"));
    }
}
