using Confluent.Kafka;
using Millrace.Operations.Proof;
using Millrace.Testing;

namespace Millrace.Operations.Tests.Proof;

/// <summary>A pipeline's own work is proven; each way of spoiling it by hand fails one check, the one that is about it.</summary>
public sealed class VerifierTests(PostgresFixture postgres, BrokerFixture broker, SharedKafka kafka) : IAsyncLifetime
{
    private OperationsRun _run = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _run = await OperationsRun.CreateAsync(postgres, broker);

    public ValueTask DisposeAsync() => _run?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Work_of_a_pipeline_is_proven_with_every_check_ok()
    {
        await RunPipelineAsync();

        var verdict = await VerifyAsync();

        Assert.True(verdict.Outcome == CheckOutcome.Ok, Describe(verdict));
        Assert.Equal((35, 30, 2, 3, 0, 0), (verdict.Totals.Offsets, verdict.Totals.Inserted, verdict.Totals.Duplicates, verdict.Totals.Dead, verdict.Totals.Parked, verdict.Totals.Skipped));
        Assert.Equal(["ranges", "counts", "rows", "dead", "parked", "position", "watermarks"], verdict.Checks.Select(check => check.Name).Distinct());
        Assert.Equal(3, verdict.Checks.Count(check => check.Name == "watermarks"));
    }

    [Fact]
    public async Task Empty_database_and_topic_have_nothing_to_fail() => Assert.Equal(CheckOutcome.Ok, (await VerifyAsync()).Outcome);

    [Theory]
    [InlineData("DELETE FROM pipeline.ledger WHERE partition = 0", "position")]
    [InlineData("UPDATE pipeline.ledger SET from_offset = from_offset + 1, to_offset = to_offset + 1 WHERE partition = 0 AND from_offset = (SELECT max(from_offset) FROM pipeline.ledger WHERE partition = 0)", "ranges")]
    [InlineData("UPDATE pipeline.ledger SET to_offset = to_offset + 1 WHERE partition = 0 AND from_offset = (SELECT min(from_offset) FROM pipeline.ledger WHERE partition = 0)", "ranges")]
    [InlineData("UPDATE pipeline.ledger SET inserted = inserted + 1 WHERE partition = 0", "counts")]
    [InlineData("DELETE FROM pipeline.events WHERE kafka_partition = 1 AND kafka_offset = 2", "rows")]
    [InlineData("UPDATE pipeline.events SET created_at = created_at - interval '3 hours' WHERE kafka_partition = 1 AND kafka_offset = 2", "rows")]
    [InlineData("DELETE FROM pipeline.dead_letters WHERE kafka_partition = 2 AND kafka_offset = (SELECT max(kafka_offset) FROM pipeline.dead_letters WHERE kafka_partition = 2)", "dead")]
    [InlineData("UPDATE pipeline.consumer_positions SET next_offset = next_offset - 1 WHERE partition = 0", "position")]
    [InlineData("UPDATE pipeline.consumer_positions SET next_offset = 500 WHERE partition = 0", "watermarks")]
    [InlineData("UPDATE pipeline.consumer_positions SET topic_id = gen_random_uuid() WHERE partition = 0", "watermarks")]
    [InlineData("UPDATE pipeline.ledger SET parked = 1, duplicates = duplicates - 1 WHERE partition = 1 AND duplicates > 0", "parked")]
    public async Task What_was_changed_by_hand_fails_the_check_that_is_about_it(string change, string check)
    {
        await RunPipelineAsync();
        await _run.ExecuteAsync(change);

        var verdict = await VerifyAsync();

        Assert.Equal(CheckOutcome.Failed, verdict.Outcome);
        Assert.Contains(check, verdict.Checks.Where(each => each.Outcome == CheckOutcome.Failed).Select(each => each.Name));
    }

    [Fact]
    public async Task Range_of_time_counts_only_what_was_committed_in_it()
    {
        await RunPipelineAsync();
        await _run.ExecuteAsync("UPDATE pipeline.ledger SET committed_at = committed_at - interval '1 day'; UPDATE pipeline.events SET created_at = created_at - interval '1 day'");
        await using (await _run.StartPipelineAsync())
        {
            await _run.SendAsync(0, """{"eventType":"late"}""");
            await _run.EventuallyCountAsync(31, "events");
        }

        var recent = await VerifyAsync(from: DateTimeOffset.UtcNow.AddHours(-12));
        var old = await VerifyAsync(to: DateTimeOffset.UtcNow.AddHours(-12));

        Assert.True(recent.Outcome == CheckOutcome.Ok, Describe(recent));
        Assert.Equal((1, 1), (recent.Totals.Offsets, recent.Totals.Inserted));
        Assert.True(old.Outcome == CheckOutcome.Ok, Describe(old));
        Assert.Equal(30, old.Totals.Inserted);
    }

    [Fact]
    public async Task Events_that_were_parked_are_accounted_for_wherever_they_are()
    {
        await _run.SendAsync(0, Enumerable.Range(0, 4).Select(_ => "{}"));
        await _run.AddPositionAsync(0, 4);
        await _run.AddLedgerAsync(0, 0, 4, parked: 4);
        await _run.ParkAsync(0, "ann", 0);
        await _run.ExecuteAsync(
            $$"""
            INSERT INTO pipeline.released_events (group_id, topic, partition, kafka_offset, event_id, outcome, epoch)
            SELECT '{{_run.Settings.GroupId}}', '{{_run.Topic}}', 0, n, gen_random_uuid(), (ARRAY['inserted', 'duplicate', 'dead'])[n], 1 FROM generate_series(1, 3) AS n;
            INSERT INTO pipeline.events (event_id, event_type, occurred_at, payload, kafka_partition, kafka_offset) VALUES (gen_random_uuid(), 'a', now(), '{}', 0, 1)
            """);
        await _run.AddDeadLetterAsync(0, 3, "{}");

        var verdict = await VerifyAsync();
        Assert.True(verdict.Outcome == CheckOutcome.Ok, Describe(verdict));

        await _run.ExecuteAsync("DELETE FROM pipeline.parked_events");
        Assert.Equal(["parked"], Failed(await VerifyAsync()));
    }

    [Fact]
    public async Task Accepted_events_are_in_the_ledger_or_still_in_the_log()
    {
        await RunPipelineAsync();
        await AcceptAsync("{[0,5),[7,10)}", 8);
        Assert.Contains(await ChecksAsync("accepted"), check => check is { Outcome: CheckOutcome.Ok } && check.Sentence.Contains("covers all of them", StringComparison.Ordinal));

        // Answered for, not read yet, and in the log.
        await _run.SendAsync(0, """{"eventType":"a"}""");
        await AcceptAsync("{[10,11)}", 1);
        Assert.Contains(await ChecksAsync("accepted"), check => check is { Outcome: CheckOutcome.Ok } && check.Sentence.Contains("all but 1", StringComparison.Ordinal));

        // Answered for, and beyond the end of the log.
        await AcceptAsync("{[11,12)}", 1);
        Assert.Contains(await ChecksAsync("accepted"), check => check is { Outcome: CheckOutcome.Failed } && check.Sentence.Contains("lost what it had acknowledged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Accepted_events_that_no_flush_covers_although_the_position_is_past_them_fail()
    {
        await RunPipelineAsync();
        await AcceptAsync("{[0,5)}", 5);
        await _run.ExecuteAsync("DELETE FROM pipeline.ledger WHERE partition = 0");

        Assert.Contains("accepted", Failed(await VerifyAsync()));
    }

    [Fact]
    public async Task Offset_that_was_accepted_twice_fails()
    {
        await RunPipelineAsync();
        await AcceptAsync("{[0,5)}", 5);
        await AcceptAsync("{[4,6)}", 2);

        Assert.Contains("accepted", Failed(await VerifyAsync()));
    }

    [Fact]
    public async Task Range_that_a_person_gave_up_is_shown_and_does_not_fail()
    {
        await _run.SendAsync(0, Enumerable.Range(0, 10).Select(_ => """{"eventType":"a"}"""));
        await _run.AddPositionAsync(0, 2);
        await _run.AddLedgerAsync(0, 0, 2, duplicates: 2);
        await _run.Services.Positions.ResolveAsync(
            new() { Partition = 0, Target = Operations.Positions.ResolveTarget.Offset, Offset = 6, Actor = "me" }, Cancelled);

        var verdict = await VerifyAsync();

        Assert.True(verdict.Outcome == CheckOutcome.Ok, Describe(verdict));
        Assert.Equal((2, 4), (verdict.Totals.Offsets, verdict.Totals.Skipped));
    }

    [Fact]
    public async Task Gaps_of_transactions_are_told_from_lost_records_by_reading_the_log()
    {
        await using var run = await OperationsRun.CreateAsync(postgres, await kafka.BootstrapAsync(), TimeProvider.System, partitions: 1);
        SendTransactions(run);
        await using (await run.StartPipelineAsync())
            await run.EventuallyCountAsync(8, "events");

        var shallow = await run.Services.Verifier.VerifyAsync(new VerifyRequest(), Cancelled);
        var deep = await run.Services.Verifier.VerifyAsync(new VerifyRequest { Deep = true }, Cancelled);

        Assert.True(shallow.Outcome == CheckOutcome.NotChecked, Describe(shallow));
        Assert.True(deep.Outcome == CheckOutcome.Ok, Describe(deep));

        // As if a record had been dropped and its row with it.
        await run.ExecuteAsync(
            """
            UPDATE pipeline.ledger SET inserted = inserted - 1 WHERE from_offset = 0;
            DELETE FROM pipeline.events WHERE kafka_offset = 0;
            """);
        var lost = await run.Services.Verifier.VerifyAsync(new VerifyRequest { Deep = true }, Cancelled);
        Assert.Equal(["counts"], Failed(lost));

        // Where the log is gone nobody can look.
        await run.DeleteRecordsAsync(0, await run.ScalarAsync<long>("SELECT next_offset FROM pipeline.consumer_positions"));
        var gone = await run.Services.Verifier.VerifyAsync(new VerifyRequest { Deep = true }, Cancelled);
        Assert.True(gone.Outcome == CheckOutcome.Ok, Describe(gone));
    }

    [Fact]
    public async Task Broker_that_is_away_leaves_its_checks_unchecked()
    {
        await RunPipelineAsync();
        await using var services = OperationsServices.Open(
            new OperationsSettings { ConnectionString = _run.Settings.ConnectionString, BootstrapServers = "127.0.0.1:1", Topic = _run.Topic, GroupId = _run.Settings.GroupId },
            TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);

        var verdict = await services.Verifier.VerifyAsync(new VerifyRequest(), Cancelled);

        Assert.Equal(CheckOutcome.NotChecked, verdict.Outcome);
        Assert.Contains("does not answer", verdict.Checks.Single(check => check.Outcome == CheckOutcome.NotChecked).Sentence);
    }

    [Fact]
    public async Task Compacted_ledger_is_proven_as_well()
    {
        await RunPipelineAsync();
        await _run.AddLedgerAsync(0, 10, 11, duplicates: 1);
        await _run.ExecuteAsync("UPDATE pipeline.consumer_positions SET next_offset = 11 WHERE partition = 0");
        await _run.SendAsync(0, "{}");

        // The merged row is as old as this flush, and younger than the dead letters of the one before it.
        await _run.AddLedgerAsync(2, 13, 14, duplicates: 1);
        await _run.ExecuteAsync("UPDATE pipeline.consumer_positions SET next_offset = 14 WHERE partition = 2");
        await _run.SendAsync(2, "{}");
        var compacted = await _run.Services.Ledger.CompactAsync(TimeSpan.FromSeconds(-60), Cancelled);
        Assert.True(compacted.Before > compacted.After && compacted.After > 0);

        var verdict = await VerifyAsync();
        var half = await VerifyAsync(from: DateTimeOffset.UtcNow.AddMinutes(-1));

        Assert.True(verdict.Outcome == CheckOutcome.Ok, Describe(verdict));
        Assert.True(half.Outcome == CheckOutcome.Ok, Describe(half));
        Assert.Equal((0, 0), (half.From!.Value.Minute, half.From.Value.Second));
    }

    /// <summary>Thirty rows, two duplicates and three dead letters over three partitions: ten offsets in 0, twelve in 1, thirteen in 2.</summary>
    private async Task RunPipelineAsync()
    {
        await using var pipeline = await _run.StartPipelineAsync();
        for (var round = 0; round < 2; round++)
        {
            for (var partition = 0; partition < 3; partition++)
                await _run.SendAsync(partition, Enumerable.Range(0, 5).Select(n => $$"""{"eventType":"a","n":{{n}}}"""));
            await _run.EventuallyCountAsync(15 * (round + 1), "events");
        }

        var stored = await _run.ScalarAsync<Guid>("SELECT event_id FROM pipeline.events WHERE kafka_partition = 1 LIMIT 1");
        await _run.SendAsync(1, $$"""{"eventType":"a","eventId":"{{stored}}"}""", $$"""{"eventType":"a","eventId":"{{stored}}"}""");
        await _run.SendAsync(2, "{", "x", null);
        await Eventually.TrueAsync(() => pipeline.GetStatus() is { Stored: 30, Duplicates: 2, DeadLetters: 3 }, "all is read");
    }

    private Task AcceptAsync(string offsets, int events) => _run.ExecuteAsync(
        $"INSERT INTO pipeline.accepted (instance, topic, partition, since, until, offsets, events) VALUES (gen_random_uuid(), '{_run.Topic}', 0, now(), now(), '{offsets}', {events})");

    private static void SendTransactions(OperationsRun run)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = run.Settings.BootstrapServers, TransactionalId = run.Topic }).Build();
        producer.InitTransactions(Eventually.Limit);
        foreach (var commits in new[] { true, false, true })
        {
            producer.BeginTransaction();
            for (var n = 0; n < 4; n++)
                producer.Produce(new TopicPartition(run.Topic, 0), new Message<Null, byte[]> { Value = """{"eventType":"a"}"""u8.ToArray() });
            producer.Flush(Eventually.Limit);
            if (commits)
                producer.CommitTransaction(Eventually.Limit);
            else
                producer.AbortTransaction(Eventually.Limit);
        }
    }

    private Task<Verdict> VerifyAsync(DateTimeOffset? from = null, DateTimeOffset? to = null) =>
        _run.Services.Verifier.VerifyAsync(new VerifyRequest { From = from, To = to }, Cancelled);

    private async Task<List<Check>> ChecksAsync(string name) => [.. (await VerifyAsync()).Checks.Where(check => check.Name == name)];

    private static IEnumerable<string> Failed(Verdict verdict) =>
        verdict.Checks.Where(check => check.Outcome == CheckOutcome.Failed).Select(check => check.Name).Distinct();

    private static string Describe(Verdict verdict) => string.Join('\n', verdict.Checks);
}
