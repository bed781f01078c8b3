using Millrace.Pipeline.Write;
using Millrace.Testing;
using Npgsql;

namespace Millrace.Pipeline.Tests.Write;

/// <summary>One transaction after another against a real PostgreSQL, small batches in one statement.</summary>
public sealed class SmallBatchWriterTests(PostgresFixture postgres) : PartitionWriterTests(postgres, copyAlways: false);

/// <summary>The same with COPY, as large batches go.</summary>
public sealed class CopyWriterTests(PostgresFixture postgres) : PartitionWriterTests(postgres, copyAlways: true);

public abstract class PartitionWriterTests(PostgresFixture postgres, bool copyAlways) : IAsyncLifetime
{
    private PipelineDatabase _database = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await PipelineDatabase.CreateAsync(postgres, copyAlways);

    public ValueTask DisposeAsync() => _database?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Flush_commits_rows_dead_letters_ledger_and_position_together()
    {
        await using var writer = _database.Writer(await _database.AcquireAsync());

        var result = await writer.FlushAsync(Batches.Of(10, Batches.Event(), "no json", null, Batches.Event()), Cancelled);

        Assert.Equal(new FlushResult(FlushOutcome.Committed, 2, 0, 2, 0), result);
        Assert.Equal(2, await _database.CountAsync("events"));
        Assert.Equal("11 not_json,12 null_value", await _database.ScalarAsync<string>(
            "SELECT string_agg(kafka_offset || ' ' || reason, ',' ORDER BY kafka_offset) FROM pipeline.dead_letters"));
        Assert.Equal("14 7", await _database.ScalarAsync<string>("SELECT next_offset || ' ' || leader_epoch FROM pipeline.consumer_positions"));
        Assert.Equal("10 14 2 0 2 1", await _database.ScalarAsync<string>(
            "SELECT concat_ws(' ', from_offset, to_offset, inserted, duplicates, dead, epoch) FROM pipeline.ledger"));
    }

    [Fact]
    public async Task Row_holds_what_the_event_says()
    {
        await using var writer = _database.Writer(await _database.AcquireAsync());
        const string json = """
            {"eventType":"order\u005fplaced","eventId":"0198a1c2-7d3e-7abc-8def-0123456789ab","userId":42,"timestamp":"2026-03-04T05:06:07.123456+01:00",
             "schemaVersion":3,"correlationId":"c-é","data":{"n":1.50,"s":"\ud83d\ude00"}}
            """;

        await writer.FlushAsync(Batches.Of(5, json), Cancelled);

        Assert.Equal(
            "0198a1c2-7d3e-7abc-8def-0123456789ab|order_placed|42|2026-03-04 04:06:07.123456|3|c-é|1|5",
            await _database.ScalarAsync<string>(
                "SELECT concat_ws('|', event_id, event_type, user_id, occurred_at AT TIME ZONE 'UTC', schema_version, correlation_id, kafka_partition, kafka_offset) FROM pipeline.events"));
        Assert.True(await _database.ScalarAsync<bool>("SELECT payload -> 'data' = '{\"n\":1.50,\"s\":\"😀\"}' FROM pipeline.events"));
        Assert.True(await _database.ScalarAsync<bool>("SELECT created_at BETWEEN now() - interval '1 minute' AND now() FROM pipeline.events"));
    }

    [Fact]
    public async Task Row_of_a_bare_event_takes_id_user_and_time_from_the_record()
    {
        await using var writer = _database.Writer(await _database.AcquireAsync());

        await writer.FlushAsync(Batches.Of(5, Batches.Event()), Cancelled);

        var expected = Events.EventIds.ForPartition("events", 1).At(5, Batches.Timestamp);
        Assert.Equal($"{expected}|key|2026-03-04 05:06:07.123||", await _database.ScalarAsync<string>(
            "SELECT event_id || '|' || user_id || '|' || (occurred_at AT TIME ZONE 'UTC') || '|' || coalesce(schema_version::text, '') || '|' || coalesce(correlation_id, '') FROM pipeline.events"));
    }

    [Fact]
    public async Task Dead_letter_keeps_the_record_as_it_came()
    {
        await using var writer = _database.Writer(await _database.AcquireAsync());

        await writer.FlushAsync(Batches.OfBytes(3, [[0xFF, 0x00, 0x7B]]), Cancelled);

        var expected = Events.EventIds.ForPartition("events", 1).At(3, Batches.Timestamp);
        Assert.Equal($"{expected}|events|1|3|2026-03-04 05:06:07.123|6b6579|ff007b|invalid_utf8|The event is not UTF-8.|1|new", await _database.ScalarAsync<string>(
            """
            SELECT concat_ws('|', dead_letter_id, topic, kafka_partition, kafka_offset, record_timestamp AT TIME ZONE 'UTC',
                encode(record_key, 'hex'), encode(record_value, 'hex'), reason, detail, attempts, state) FROM pipeline.dead_letters
            """));
    }

    [Fact]
    public async Task Ids_that_are_there_already_are_left_out_and_counted()
    {
        await using var writer = _database.Writer(await _database.AcquireAsync());
        var ids = Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7()).ToList();
        await writer.FlushAsync(Batches.Of(0, Batches.Event(ids[0]), Batches.Event(ids[1])), Cancelled);

        var result = await writer.FlushAsync(
            Batches.Of(2, Batches.Event(ids[1], "again"), Batches.Event(ids[2]), "no json", Batches.Event(ids[3], "first"), Batches.Event(ids[3], "second"), Batches.Event(ids[4])),
            Cancelled);

        Assert.Equal(new FlushResult(FlushOutcome.Committed, 3, 2, 1, 0) { SlowPath = true }, result);
        Assert.Equal(5, await _database.CountAsync("events"));
        Assert.Equal("t", await TypeOfAsync(ids[1]));
        Assert.Equal("first", await TypeOfAsync(ids[3]));
        Assert.Equal("2 8 3 2 1", await _database.ScalarAsync<string>(
            "SELECT concat_ws(' ', from_offset, to_offset, inserted, duplicates, dead) FROM pipeline.ledger WHERE from_offset = 2"));
    }

    [Fact]
    public async Task Batch_of_either_size_holds_the_same_rows()
    {
        await using var writer = _database.Writer(await _database.AcquireAsync());
        string[] few = [.. Enumerable.Range(0, 64).Select(i => $$"""{"eventType":"t","userId":"u{{i}}","schemaVersion":{{i}},"correlationId":"ü{{i}}","timestamp":"2026-01-02T03:04:05.{{i:000000}}Z"}""")];

        await writer.FlushAsync(Batches.Of(0, few), Cancelled);
        await writer.FlushAsync(Batches.Of(64, [.. few, Batches.Event()]), Cancelled);

        Assert.Equal(129, await _database.CountAsync("events"));
        Assert.Equal(64, await _database.ScalarAsync<long>(
            """
            SELECT count(*) FROM pipeline.events a JOIN pipeline.events b ON b.kafka_offset = a.kafka_offset + 64
             WHERE (a.event_type, a.user_id, a.occurred_at, a.schema_version, a.correlation_id, a.payload, a.kafka_partition)
                 = (b.event_type, b.user_id, b.occurred_at, b.schema_version, b.correlation_id, b.payload, b.kafka_partition)
            """));
    }

    [Fact]
    public async Task Batch_after_one_with_duplicates_is_copied_as_usual()
    {
        await using var writer = _database.Writer(await _database.AcquireAsync());
        var id = Guid.CreateVersion7();
        await writer.FlushAsync(Batches.Of(0, Batches.Event(id), Batches.Event(id)), Cancelled);

        var result = await writer.FlushAsync(Batches.Of(2, Batches.Event(), Batches.Event()), Cancelled);

        Assert.Equal(new FlushResult(FlushOutcome.Committed, 2, 0, 0, 0), result);
        Assert.Equal(3, await _database.CountAsync("events"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(37)]
    public async Task Rows_that_the_database_rejects_become_dead_letters_and_the_rest_is_stored(int everyNth)
    {
        await _database.ExecuteAsync("ALTER TABLE pipeline.events ADD CHECK (event_type <> 'forbidden')");
        await using var writer = _database.Writer(await _database.AcquireAsync());
        var duplicate = Guid.CreateVersion7();
        var values = Enumerable.Range(0, 100).Select(i => Batches.Event(type: i % everyNth == 0 ? "forbidden" : "t"))
            .Append(Batches.Event(duplicate)).Append(Batches.Event(duplicate)).Append("no json");

        var result = await writer.FlushAsync(Batches.WithoutKeys(0, values), Cancelled);

        var rejected = Enumerable.Range(0, 100).Count(i => i % everyNth == 0);
        Assert.Equal(new FlushResult(FlushOutcome.Committed, 101 - rejected, 1, rejected + 1, 0) { SlowPath = true }, result);
        Assert.Equal(101 - rejected, await _database.CountAsync("events"));
        Assert.Equal(rejected, await _database.ScalarAsync<long>(
            $"SELECT count(*) FROM pipeline.dead_letters WHERE reason = 'rejected_by_database' AND detail LIKE '23514: %' AND kafka_offset % {everyNth} = 0 AND convert_from(record_value, 'UTF8') LIKE '%forbidden%'"));
    }

    [Fact]
    public async Task Writer_whose_epoch_was_taken_over_writes_nothing()
    {
        var old = await _database.AcquireAsync();
        await using var stalled = _database.Writer(old);
        await stalled.FlushAsync(Batches.Of(0, Batches.Event()), Cancelled);
        await using var owner = _database.Writer(await _database.AcquireAsync());

        var result = await stalled.FlushAsync(Batches.Of(1, Batches.Event(), "no json"), Cancelled);

        Assert.Equal(FlushResult.Fenced, result);
        Assert.Equal(1, await _database.CountAsync("events"));
        Assert.Equal(0, await _database.CountAsync("dead_letters"));
        Assert.Equal(1, await _database.CountAsync("ledger"));
        Assert.Equal(FlushOutcome.Committed, (await owner.FlushAsync(Batches.Of(1, Batches.Event()), Cancelled)).Outcome);
    }

    [Fact]
    public async Task Two_writers_that_flush_the_same_records_at_once_store_them_once()
    {
        // The stalled owner is inside its transaction, held up by a lock, when the partition goes to the next one.
        var records = Batches.Of(0, Enumerable.Range(0, 50).Select(_ => Batches.Event()));
        await using var stalled = _database.Writer(await _database.AcquireAsync());
        await using var holder = await _database.Source.OpenConnectionAsync(Cancelled);
        await using var hold = await holder.BeginTransactionAsync(Cancelled);
        await using (var command = new NpgsqlCommand("LOCK TABLE pipeline.ledger IN SHARE MODE", holder, hold))
            await command.ExecuteNonQueryAsync(Cancelled);
        var stalledFlush = stalled.FlushAsync(records, Cancelled);
        await WaitUntilBlockedAsync(1);
        var next = _database.AcquireAsync();

        // Taking over waits for the row that the stalled one has moved already, so it cannot read a position that is about to change.
        await WaitUntilBlockedAsync(2);
        Assert.False(next.IsCompleted);
        await hold.CommitAsync(Cancelled);

        Assert.Equal(FlushOutcome.Committed, (await stalledFlush).Outcome);
        Assert.Equal(50, (await next).NextOffset);
        Assert.Equal(50, await _database.CountAsync("events"));
        Assert.Equal(FlushResult.Fenced, await stalled.FlushAsync(Batches.Of(50, Batches.Event()), Cancelled));
    }

    [Fact]
    public async Task Commit_whose_answer_was_lost_is_recognised_and_not_done_twice()
    {
        var position = await _database.AcquireAsync();
        var records = Batches.Of(0, Batches.Event(), "no json", Batches.Event());
        await using (var first = _database.Writer(position))
            await first.FlushAsync(records, Cancelled);

        // The same writer's next attempt, which does not know of the first one.
        await using var again = _database.Writer(position);
        var result = await again.FlushAsync(records, Cancelled);

        Assert.Equal(new FlushResult(FlushOutcome.Committed, 2, 0, 1, 0), result);
        Assert.Equal(2, await _database.CountAsync("events"));
        Assert.Equal(1, await _database.CountAsync("ledger"));
        Assert.Equal(1, await _database.ScalarAsync<int>("SELECT attempts FROM pipeline.dead_letters"));
        Assert.Equal(FlushOutcome.Committed, (await again.FlushAsync(Batches.Of(3, Batches.Event()), Cancelled)).Outcome);
    }

    [Fact]
    public async Task Connection_that_dies_in_the_middle_is_an_outage_and_the_batch_is_tried_again()
    {
        await using var writer = _database.Writer(await _database.AcquireAsync());
        await using var holder = await _database.Source.OpenConnectionAsync(Cancelled);
        await using var hold = await holder.BeginTransactionAsync(Cancelled);
        await using (var command = new NpgsqlCommand("LOCK TABLE pipeline.events", holder, hold))
            await command.ExecuteNonQueryAsync(Cancelled);

        var flush = writer.FlushAsync(Batches.Of(0, Batches.Event(), Batches.Event()), Cancelled);
        await WaitUntilBlockedAsync(1);
        await _database.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted");
        await Eventually.TrueAsync(() => writer.Trouble is not null, "the outage shows");
        await hold.CommitAsync(Cancelled);

        Assert.Equal(new FlushResult(FlushOutcome.Committed, 2, 0, 0, 0), await flush);
        Assert.Null(writer.Trouble);
        Assert.Equal(2, await _database.CountAsync("events"));
    }

    [Fact]
    public async Task Error_that_is_not_about_the_data_is_waited_out_whatever_it_is()
    {
        await using var writer = _database.Writer(await _database.AcquireAsync());
        await _database.ExecuteAsync("ALTER TABLE pipeline.events RENAME TO hidden");

        var flush = writer.FlushAsync(Batches.Of(0, Batches.Event()), Cancelled);
        await Eventually.TrueAsync(() => writer.Trouble is not null, "the outage shows");
        Assert.Contains("pipeline.events", writer.Trouble);
        await _database.ExecuteAsync("ALTER TABLE pipeline.hidden RENAME TO events");

        Assert.Equal(FlushOutcome.Committed, (await flush).Outcome);
        Assert.Equal(0, await _database.CountAsync("dead_letters"));
    }

    [Fact]
    public async Task Abandoned_flush_ends_and_leaves_nothing()
    {
        await using var writer = _database.Writer(await _database.AcquireAsync());
        await _database.ExecuteAsync("ALTER TABLE pipeline.events RENAME TO hidden");
        using var abandon = new CancellationTokenSource();

        var flush = writer.FlushAsync(Batches.Of(0, Batches.Event()), abandon.Token);
        await Eventually.TrueAsync(() => writer.Trouble is not null, "the outage shows");
        await abandon.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush);
        Assert.Equal(0, await _database.CountAsync("ledger"));
    }

    [Fact]
    public async Task Dead_letter_that_is_read_again_counts_another_attempt()
    {
        await using (var writer = _database.Writer(await _database.AcquireAsync()))
            await writer.FlushAsync(Batches.Of(0, "no json", Batches.Event()), Cancelled);

        // Somebody sets the position back, to have everything read once more.
        await _database.ExecuteAsync("UPDATE pipeline.consumer_positions SET next_offset = 0; DELETE FROM pipeline.ledger");
        await using var again = _database.Writer(await _database.AcquireAsync());
        var result = await again.FlushAsync(Batches.Of(0, "no json", Batches.Event()), Cancelled);

        Assert.Equal(new FlushResult(FlushOutcome.Committed, 0, 1, 1, 0) { SlowPath = true }, result);
        Assert.Equal(2, await _database.ScalarAsync<int>("SELECT attempts FROM pipeline.dead_letters"));
        Assert.Equal(1, await _database.CountAsync("events"));
    }

    [Fact]
    public async Task Ranges_of_the_ledger_chain_over_gaps_in_the_log()
    {
        await using var writer = _database.Writer(await _database.AcquireAsync());

        await writer.FlushAsync(Batches.Of(100, Batches.Event()), Cancelled);
        await writer.FlushAsync(Batches.Of(205, Batches.Event()), Cancelled);

        Assert.Equal("100-101,101-206", await _database.ScalarAsync<string>(
            "SELECT string_agg(from_offset || '-' || to_offset, ',' ORDER BY from_offset) FROM pipeline.ledger"));
    }

    private Task<string> TypeOfAsync(Guid id) => _database.ScalarAsync<string>($"SELECT event_type FROM pipeline.events WHERE event_id = '{id}'");

    private Task WaitUntilBlockedAsync(int sessions) =>
        Eventually.EqualAsync(
            (long)sessions,
            () => _database.ScalarAsync<long>("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"),
            "sessions wait for a lock");
}
