using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Millrace.Events;
using Millrace.Testing;

namespace Millrace.Pipeline.Tests;

/// <summary>From a topic of a real Kafka to tables of a real PostgreSQL.</summary>
public sealed class EventPipelineTests(KafkaFixture kafka, PostgresFixture postgres) : IAsyncLifetime
{
    private PipelineRun _run = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _run = await PipelineRun.CreateAsync(kafka, postgres, ("max.message.bytes", "16777216"));

    public ValueTask DisposeAsync() => _run?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Events_that_were_sent_before_and_after_the_start_are_stored_once()
    {
        var ids = await _run.SendAsync(2000);
        await using var pipeline = await _run.StartAsync();
        ids.UnionWith(await _run.SendAsync(2000));

        await _run.EventuallyCountAsync(4000, "events");

        await _run.ShouldHoldExactlyAsync(ids);
        await Eventually.TrueAsync(() => pipeline.GetStatus() is { IsReady: true, Lag: 0, Stored: 4000, DeadLetters: 0, Duplicates: 0 }, "the status agrees");
        Assert.Equal([0, 1, 2], pipeline.GetStatus().Partitions.Select(partition => partition.Partition));
    }

    [Fact]
    public async Task Events_of_a_user_are_stored_in_the_order_of_the_partition()
    {
        await using (await _run.StartAsync())
        {
            await _run.SendAsync(5000);
            await _run.EventuallyCountAsync(5000, "events");
        }

        Assert.Equal(0, await _run.Database.ScalarAsync<long>(
            """
            SELECT count(*) FROM (
                SELECT created_at, lag(created_at) OVER (PARTITION BY user_id ORDER BY kafka_offset) AS before,
                       (payload ->> 'n')::int AS n, lag((payload ->> 'n')::int) OVER (PARTITION BY user_id ORDER BY kafka_offset) AS n_before
                  FROM pipeline.events) AS ordered
             WHERE before > created_at OR n_before > n
            """));
    }

    [Fact]
    public async Task Kafka_knows_what_is_stored_after_the_stop()
    {
        await _run.Topic.SendAsync(0, Enumerable.Repeat("""{"eventType":"t"}""", 10));
        await _run.Topic.SendAsync(2, Enumerable.Repeat("no json", 5));
        await using (await _run.StartAsync())
        {
            await _run.EventuallyCountAsync(10, "events");
            await _run.EventuallyCountAsync(5, "dead_letters");
        }

        var committed = await _run.Topic.CommittedAsync($"{PipelineRun.GroupId}-{_run.Topic.Name}");
        Assert.Equal(10, committed[0]);
        Assert.Equal(5, committed[2]);
    }

    public static TheoryData<RefusalReason, byte[]?> BadRecords() => new()
    {
        { RefusalReason.NullValue, null },
        { RefusalReason.TooLarge, Encoding.UTF8.GetBytes($$"""{"eventType":"t","x":"{{new string('x', 1024 * 1024)}}"}""") },
        { RefusalReason.InvalidUtf8, [0x7B, 0xFF, 0x7D] },
        { RefusalReason.ByteOrderMark, Encoding.UTF8.GetBytes("\uFEFF{\"eventType\":\"t\"}") },
        { RefusalReason.NotJson, Encoding.UTF8.GetBytes("hello") },
        { RefusalReason.NotJson, [] },
        { RefusalReason.NotAnObject, Encoding.UTF8.GetBytes("[1]") },
        { RefusalReason.TooDeep, Encoding.UTF8.GetBytes($$"""{"eventType":"t","x":{{new string('[', 200)}}{{new string(']', 200)}}}""") },
        { RefusalReason.NulCharacter, Encoding.UTF8.GetBytes("""{"eventType":"t","x":"\u0000"}""") },
        { RefusalReason.LoneSurrogate, Encoding.UTF8.GetBytes("""{"eventType":"t","x":"\ud800"}""") },
        { RefusalReason.NumberOutOfRange, Encoding.UTF8.GetBytes("""{"eventType":"t","x":1e400000}""") },
        { RefusalReason.DuplicateField, Encoding.UTF8.GetBytes("""{"eventType":"t","eventType":"u"}""") },
        { RefusalReason.EventTypeMissing, Encoding.UTF8.GetBytes("""{"userId":1}""") },
        { RefusalReason.EventTypeInvalid, Encoding.UTF8.GetBytes("""{"eventType":7}""") },
        { RefusalReason.EventIdInvalid, Encoding.UTF8.GetBytes("""{"eventType":"t","eventId":"x"}""") },
        { RefusalReason.UserIdInvalid, Encoding.UTF8.GetBytes("""{"eventType":"t","userId":[]}""") },
        { RefusalReason.TimestampInvalid, Encoding.UTF8.GetBytes("""{"eventType":"t","timestamp":"noon"}""") },
        { RefusalReason.SchemaVersionInvalid, Encoding.UTF8.GetBytes("""{"eventType":"t","schemaVersion":"one"}""") },
        { RefusalReason.CorrelationIdInvalid, Encoding.UTF8.GetBytes("""{"eventType":"t","correlationId":{}}""") },
    };

    [Fact]
    public async Task Each_bad_record_becomes_a_dead_letter_with_its_reason_and_the_rest_flows()
    {
        var bad = BadRecords().Select(row => row.Data).ToList();
        Assert.Equal(Enum.GetValues<RefusalReason>().Where(reason => reason != RefusalReason.None && !reason.IsOfAnEvent()), bad.Select(row => row.Item1).Distinct().Order());
        await using var pipeline = await _run.StartAsync();

        // Between good ones, in one partition: each of them is in the way of what follows.
        using (var producer = _run.Topic.Producer())
        {
            foreach (var (_, value) in bad)
            {
                foreach (var record in new[] { value, """{"eventType":"good"}"""u8.ToArray() })
                    await producer.ProduceAsync(new TopicPartition(_run.Topic.Name, 1), new() { Value = record }, Cancelled);
            }
        }

        await _run.EventuallyCountAsync(bad.Count, "events");
        await _run.EventuallyCountAsync(bad.Count, "dead_letters");
        Assert.Equal(
            string.Join(',', bad.Select(row => row.Item1.Code())),
            await _run.Database.ScalarAsync<string>("SELECT string_agg(reason, ',' ORDER BY kafka_offset) FROM pipeline.dead_letters"));
        Assert.Equal(1024 * 1024 + 24, await _run.Database.ScalarAsync<int>("SELECT max(length(record_value)) FROM pipeline.dead_letters"));
        Assert.True(pipeline.GetStatus().IsReady);
    }

    [Fact]
    public async Task Dead_letter_has_the_headers_of_its_record_and_counts_the_attempts_that_they_tell()
    {
        await using var pipeline = await _run.StartAsync();

        using (var producer = _run.Topic.Producer())
        {
            await producer.ProduceAsync(
                _run.Topic.Name,
                new() { Value = "no json"u8.ToArray(), Headers = new Headers { { "trace", [1, 2, 255] }, { "empty", null }, { "millrace-attempts", "3"u8.ToArray() } } },
                Cancelled);
        }

        await _run.EventuallyCountAsync(1, "dead_letters");
        Assert.Equal(
            """4 [{"key": "trace", "value": "AQL/"}, {"key": "empty", "value": null}, {"key": "millrace-attempts", "value": "Mw=="}]""",
            await _run.Database.ScalarAsync<string>("SELECT attempts || ' ' || record_headers FROM pipeline.dead_letters"));
    }

    [Fact]
    public async Task Event_that_is_sent_twice_is_stored_once_wherever_it_stands()
    {
        var events = Enumerable.Range(0, 300).Select(i => $$"""{"eventType":"t","eventId":"{{Guid.CreateVersion7()}}","n":{{i}}}""").ToList();
        await _run.Topic.SendAsync(0, events);
        await _run.Topic.SendAsync(0, events.Take(100));
        await using var pipeline = await _run.StartAsync();
        await _run.Topic.SendAsync(1, Enumerable.Reverse(events));
        await _run.Topic.SendAsync(2, events);

        await Eventually.TrueAsync(() => pipeline.GetStatus() is { Stored: 300, Duplicates: 700 }, "all are accounted for");
        Assert.Equal(300, await _run.CountAsync("events"));
        Assert.Equal(0, await _run.CountAsync("dead_letters"));
    }

    [Fact]
    public async Task Pipelines_that_come_and_go_under_load_lose_and_double_nothing()
    {
        var sending = Task.Run(() => _run.SendAsync(60_000), Cancelled);
        var first = await _run.StartAsync();
        await Eventually.TrueAsync(() => first.GetStatus().Stored > 0, "the first one works");

        // A second one takes over part of the partitions, the first one leaves, a third one comes.
        await using var second = await _run.StartAsync();
        await Eventually.TrueAsync(() => second.GetStatus().Partitions.Length > 0, "the second one has partitions");
        await first.DisposeAsync();
        await using var third = await _run.StartAsync();

        var ids = await sending;
        await _run.EventuallyCountAsync(ids.Count, "events");
        await _run.ShouldHoldExactlyAsync(ids);
    }

    [Fact]
    public async Task Pipeline_whose_epoch_was_taken_drops_its_batch_and_takes_the_partition_over_again()
    {
        await using var pipeline = await _run.StartAsync();
        var ids = await _run.SendAsync(1000);
        await _run.EventuallyCountAsync(1000, "events");

        await _run.Database.ExecuteAsync("UPDATE pipeline.consumer_positions SET epoch = epoch + 1");
        ids.UnionWith(await _run.SendAsync(1000));

        await _run.EventuallyCountAsync(2000, "events");
        await _run.ShouldHoldExactlyAsync(ids);
        Assert.True(_run.Log.Has(LogLevel.Critical, "belongs to another writer"));
        Assert.Equal(3, await _run.Database.ScalarAsync<long>("SELECT min(epoch) FROM pipeline.consumer_positions"));
    }

    [Fact]
    public async Task Database_that_goes_away_and_comes_back_under_load_loses_and_doubles_nothing()
    {
        await using var pipeline = await _run.StartAsync();
        var sending = Task.Run(() => _run.SendAsync(60_000), Cancelled);
        for (var round = 0; round < 3; round++)
        {
            var stored = pipeline.GetStatus().Stored;
            await Eventually.TrueAsync(() => pipeline.GetStatus().Stored > stored || sending.IsCompleted, "records flow");
            await using (await Outage.BeginAsync(_run.Database))
            {
                await _run.SendAsync(10);
                await Eventually.TrueAsync(() => pipeline.GetStatus() is { IsReady: false, Reason: not null }, "the outage shows");
            }
        }

        await sending;
        await _run.EventuallyCountAsync(60_030, "events");
        await Eventually.TrueAsync(() => pipeline.GetStatus() is { IsReady: true, Lag: 0 }, "all is well again");
        Assert.Equal(60_030, await _run.Database.ScalarAsync<long>("SELECT sum(inserted)::bigint FROM pipeline.ledger"));
        Assert.Equal(0, await _run.Database.ScalarAsync<long>("SELECT sum(duplicates + dead)::bigint FROM pipeline.ledger"));
    }

    [Fact]
    public async Task Long_outage_pauses_reading_and_what_waits_in_kafka_is_read_when_it_is_over()
    {
        await using var pipeline = await _run.StartAsync(laneRecords: 200);
        await Eventually.TrueAsync(() => pipeline.GetStatus().IsReady, "the pipeline is ready");
        HashSet<Guid> ids;
        await using (await Outage.BeginAsync(_run.Database))
        {
            // More than the lanes hold.
            ids = await _run.SendAsync(9000);
            await Eventually.TrueAsync(() => _run.Log.Has(LogLevel.Warning, "is paused"), "partitions are paused");
            await Eventually.TrueAsync(() => pipeline.GetStatus().Lag == ids.Count, "the lag shows although nothing is fetched");
            Assert.False(pipeline.GetStatus().IsReady);
        }

        await _run.EventuallyCountAsync(ids.Count, "events");
        await _run.ShouldHoldExactlyAsync(ids);
        Assert.True(_run.Log.Has(LogLevel.Information, "goes on"));
    }

    [Fact]
    public async Task Options_that_cannot_be_used_are_all_named_at_once()
    {
        var options = new PipelineOptions { BootstrapServers = "", ConnectionString = _run.Database.ConnectionString, TopicPartitions = 0 };
        options.KafkaSettings["auto.offset.reset"] = "latest";

        var refusal = await Assert.ThrowsAsync<PipelineStartException>(() => EventPipeline.StartAsync(options, TimeProvider.System, _run.Log, Cancelled));

        Assert.Contains("BootstrapServers", refusal.Message);
        Assert.Contains("TopicPartitions", refusal.Message);
        Assert.Contains("auto.offset.reset", refusal.Message);
    }

    [Fact]
    public async Task Kafka_setting_that_does_not_exist_is_one_sentence()
    {
        var options = new PipelineOptions { BootstrapServers = _run.Topic.BootstrapServers, ConnectionString = _run.Database.ConnectionString };
        options.KafkaSettings["no.such.setting"] = "1";

        var refusal = await Assert.ThrowsAsync<PipelineStartException>(() => EventPipeline.StartAsync(options, TimeProvider.System, _run.Log, Cancelled));

        Assert.Contains("no.such.setting", refusal.Message);
    }

    [Fact]
    public async Task Positions_that_cannot_be_read_at_assignment_are_waited_for()
    {
        await using (await _run.StartAsync())
            await _run.SendAsync(10);
        await using var holder = new Npgsql.NpgsqlConnection(_run.Database.ConnectionString);
        await holder.OpenAsync(Cancelled);
        await using var hold = await holder.BeginTransactionAsync(Cancelled);
        await using (var command = new Npgsql.NpgsqlCommand("LOCK TABLE pipeline.consumer_positions", holder, hold))
            await command.ExecuteNonQueryAsync(Cancelled);

        await using var pipeline = await _run.StartAsync();
        await Eventually.TrueAsync(() => _run.Log.Has(LogLevel.Warning, "could not be read from PostgreSQL"), "the reader gives up waiting");
        Assert.False(pipeline.GetStatus().IsReady);
        await hold.CommitAsync(Cancelled);

        await _run.SendAsync(10);
        await _run.EventuallyCountAsync(20, "events");
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(0)]
    public async Task Position_outside_the_topic_stops_its_partition_loudly_and_the_others_go_on(long position)
    {
        await using (await _run.StartAsync())
        {
            for (var partition = 0; partition < 3; partition++)
                await _run.Topic.SendAsync(partition, Enumerable.Repeat("""{"eventType":"t"}""", 10));
            await _run.EventuallyCountAsync(30, "events");
        }

        await _run.Topic.DeleteRecordsAsync(1, before: 5);
        await _run.Database.ExecuteAsync($"UPDATE pipeline.consumer_positions SET next_offset = {position} WHERE partition = 1");
        await using var pipeline = await _run.StartAsync();
        for (var partition = 0; partition < 3; partition++)
            await _run.Topic.SendAsync(partition, Enumerable.Repeat("""{"eventType":"u"}""", 10));

        await _run.EventuallyCountAsync(50, "events");
        await Eventually.TrueAsync(
            () => pipeline.GetStatus() is { IsReady: false, Reason: { } reason } && reason.Contains("Partition 1", StringComparison.Ordinal), "the status tells");
        Assert.True(_run.Log.Has(LogLevel.Critical, $"offset {position} is not in the topic any more (it has 5 to "));
        Assert.Equal(position, await _run.Database.ScalarAsync<long>("SELECT next_offset FROM pipeline.consumer_positions WHERE partition = 1"));
        Assert.Equal(0, await _run.Database.ScalarAsync<long>("SELECT count(*) FROM pipeline.events WHERE kafka_partition = 1 AND event_type = 'u'"));
    }

    [Fact]
    public async Task Topic_that_was_deleted_and_made_again_is_not_read_from_the_old_positions()
    {
        await using (await _run.StartAsync())
        {
            await _run.Topic.SendAsync(0, Enumerable.Repeat("""{"eventType":"t"}""", 10));
            await _run.EventuallyCountAsync(10, "events");
        }

        await _run.Topic.DeleteAsync();
        await _run.RecreateTopicAsync();
        await _run.Topic.SendAsync(0, Enumerable.Repeat("""{"eventType":"t"}""", 20));
        await using var pipeline = await _run.StartAsync();

        await Eventually.TrueAsync(
            () => pipeline.GetStatus().Reason?.Contains("deleted and created again", StringComparison.Ordinal) == true, "the status tells");
        Assert.Equal(10, await _run.CountAsync("events"));
    }

    [Fact]
    public async Task Topic_is_created_when_absent()
    {
        await _run.Topic.DeleteAsync();

        await using var pipeline = await _run.StartAsync();

        await Eventually.TrueAsync(() => pipeline.GetStatus() is { IsReady: true, Partitions.Length: 3 }, "all partitions are assigned");
    }

    [Fact]
    public async Task Kafka_that_is_not_there_is_one_sentence()
    {
        var refusal = await Assert.ThrowsAsync<PipelineStartException>(() => EventPipeline.StartAsync(
            new PipelineOptions { BootstrapServers = "127.0.0.1:1", ConnectionString = _run.Database.ConnectionString },
            TimeProvider.System, _run.Log, Cancelled));

        Assert.Contains("127.0.0.1:1", refusal.Message);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
