using Millrace.Operations.Positions;
using Millrace.Testing;

namespace Millrace.Operations.Tests.Positions;

public sealed class PartitionResolverTests(PostgresFixture postgres, BrokerFixture broker, SharedKafka kafka) : IAsyncLifetime
{
    private OperationsRun _run = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _run = await OperationsRun.CreateAsync(postgres, broker);
        await SendTenAsync();
    }

    public ValueTask DisposeAsync() => _run?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Forward_gives_up_what_is_passed_over_and_the_pipeline_goes_on_there()
    {
        await _run.AddPositionAsync(0, 2);
        await _run.AddLedgerAsync(0, 0, 2, inserted: 2);

        var result = await ResolveAsync(ResolveTarget.Offset, 7);

        Assert.Equal((ResolveOutcome.Moved, 2L, 7L, 5L, 0L), (result.Outcome, result.From!.Value, result.To!.Value, result.GivenUp, result.ReadAgain));
        Assert.Equal(["0-2 i2 e1", "2-7 skipped e2"], await LedgerAsync(_run.Topic));
        Assert.Equal(2, await _run.ScalarAsync<long>("SELECT epoch FROM pipeline.consumer_positions"));
        Assert.Equal("me positions.resolve 7", await _run.ScalarAsync<string>("SELECT concat_ws(' ', actor, action, details ->> 'to') FROM pipeline.operations"));
        await using var pipeline = await _run.StartPipelineAsync();
        await _run.EventuallyCountAsync(3, "events");
        Assert.Equal(7, await _run.ScalarAsync<long>("SELECT min(kafka_offset) FROM pipeline.events"));
    }

    [Fact]
    public async Task Running_writer_is_fenced_and_takes_over_from_the_new_position()
    {
        await using var pipeline = await _run.StartPipelineAsync();
        await _run.EventuallyCountAsync(10, "events");
        var epoch = await _run.ScalarAsync<long>("SELECT epoch FROM pipeline.consumer_positions WHERE partition = 0");

        var result = await ResolveAsync(ResolveTarget.Earliest, force: true);
        await _run.SendAsync(0, """{"eventType":"a"}""");

        Assert.Equal(ResolveOutcome.Moved, result.Outcome);
        await _run.EventuallyCountAsync(11, "events");
        await Eventually.EqualAsync(
            10L, () => _run.ScalarAsync<long>($"SELECT coalesce(sum(duplicates), 0)::bigint FROM pipeline.ledger WHERE topic = '{_run.Topic}'"), "records that were read again");
        Assert.True(await _run.ScalarAsync<long>("SELECT epoch FROM pipeline.consumer_positions WHERE partition = 0") >= epoch + 2);
        Assert.Equal(10, await _run.ScalarAsync<long>($"SELECT sum(inserted)::bigint FROM pipeline.ledger WHERE topic LIKE '{_run.Topic}#%'"));
    }

    [Fact]
    public async Task Backward_into_a_flush_goes_to_its_beginning()
    {
        await _run.AddPositionAsync(0, 9);
        await _run.AddLedgerAsync(0, 0, 3, inserted: 3);
        await _run.AddLedgerAsync(0, 3, 6, inserted: 3);
        await _run.AddLedgerAsync(0, 6, 9, inserted: 3);

        Assert.Equal(ResolveOutcome.Backwards, (await ResolveAsync(ResolveTarget.Offset, 4)).Outcome);
        Assert.Equal(9, await _run.ScalarAsync<long>("SELECT next_offset FROM pipeline.consumer_positions"));
        var result = await ResolveAsync(ResolveTarget.Offset, 4, force: true);

        Assert.Equal((3L, 6L), (result.To!.Value, result.ReadAgain));
        Assert.Contains("back to 3", result.Sentence);
        Assert.Equal(["0-3 i3 e1"], await LedgerAsync(_run.Topic));
        Assert.Equal(["3-6 i3 e1", "6-9 i3 e1"], await LedgerAsync($"{_run.Topic}#%"));
    }

    [Fact]
    public async Task Backward_to_where_the_log_begins_inside_a_flush_leaves_a_chain_without_a_hole()
    {
        await UseApacheKafkaAsync();
        await _run.DeleteRecordsAsync(0, 4);
        await _run.AddPositionAsync(0, 9);
        await _run.AddLedgerAsync(0, 0, 3, inserted: 3);
        await _run.AddLedgerAsync(0, 3, 6, inserted: 3);
        await _run.AddLedgerAsync(0, 6, 9, inserted: 3);

        var result = await ResolveAsync(ResolveTarget.Earliest, force: true);

        Assert.Equal(4, result.To);
        Assert.Equal(["0-3 i3 e1", "3-4 skipped e2"], await LedgerAsync(_run.Topic));
    }

    [Fact]
    public async Task Position_that_retention_overtook_is_told_and_goes_on_at_the_earliest()
    {
        await UseApacheKafkaAsync();
        await _run.DeleteRecordsAsync(0, 6);
        await _run.AddPositionAsync(0, 2);

        var listed = (await _run.Services.Positions.ListAsync(Cancelled))[0];
        var refused = await ResolveAsync(ResolveTarget.Offset, 3);
        var result = await ResolveAsync(ResolveTarget.Earliest);

        Assert.Equal((PartitionCondition.BeforeLog, 6L, 10L, 8L), (listed.Condition, listed.LogStart!.Value, listed.LogEnd!.Value, listed.Lag!.Value));
        Assert.Contains("4 offsets from 2 on are gone", listed.Sentence);
        Assert.Equal((ResolveOutcome.OutsideLog, true), (refused.Outcome, refused.IsRefused));
        Assert.Contains("offsets 6 up to 10", refused.Sentence);
        Assert.Equal((ResolveOutcome.Moved, 6L, 4L), (result.Outcome, result.To!.Value, result.GivenUp));
    }

    [Fact]
    public async Task Position_beyond_a_truncated_log_goes_back_to_its_end_when_forced()
    {
        await _run.AddPositionAsync(0, 12);
        await _run.AddLedgerAsync(0, 0, 12, inserted: 12);

        Assert.Equal(PartitionCondition.AfterLog, (await _run.Services.Positions.ListAsync(Cancelled))[0].Condition);
        Assert.Equal(ResolveOutcome.OutsideLog, (await ResolveAsync(ResolveTarget.Offset, 11)).Outcome);
        Assert.Equal(ResolveOutcome.Backwards, (await ResolveAsync(ResolveTarget.Latest)).Outcome);
        Assert.Equal(ResolveOutcome.Moved, (await ResolveAsync(ResolveTarget.Latest, force: true)).Outcome);
    }

    [Fact]
    public async Task Recreated_topic_has_to_be_accepted_and_keeps_the_old_ledger_apart()
    {
        await using (await _run.StartPipelineAsync())
            await _run.EventuallyCountAsync(10, "events");
        var oldId = await _run.ScalarAsync<Guid>("SELECT topic_id FROM pipeline.consumer_positions WHERE partition = 0");
        Assert.Equal(ResolveOutcome.TopicNotRecreated, (await ResolveAsync(ResolveTarget.RecreatedTopic)).Outcome);
        await _run.DeleteTopicAsync(_run.Topic);
        await _run.CreateTopicAsync(_run.Topic, 3);
        await _run.SendAsync(0, """{"eventType":"new"}""");

        Assert.Equal(PartitionCondition.TopicRecreated, (await _run.Services.Positions.ListAsync(Cancelled))[0].Condition);
        Assert.Equal(ResolveOutcome.TopicRecreated, (await ResolveAsync(ResolveTarget.Earliest, force: true)).Outcome);
        for (var partition = 0; partition < 3; partition++)
        {
            var result = await _run.Services.Positions.ResolveAsync(
                new ResolveRequest { Partition = partition, Target = ResolveTarget.RecreatedTopic, Actor = "me" }, Cancelled);
            Assert.Equal((ResolveOutcome.Moved, 0L, 0L, 0L), (result.Outcome, result.To!.Value, result.GivenUp, result.ReadAgain));
        }

        Assert.NotEqual(oldId, await _run.ScalarAsync<Guid>("SELECT topic_id FROM pipeline.consumer_positions WHERE partition = 0"));
        Assert.Empty(await LedgerAsync(_run.Topic));
        Assert.NotEmpty(await LedgerAsync($"{_run.Topic}@{oldId}"));
        await using var pipeline = await _run.StartPipelineAsync();
        await _run.EventuallyCountAsync(11, "events");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Topic_made_again_under_a_running_pipeline_stops_it_loudly_and_is_read_whole_once_accepted(bool apacheKafka)
    {
        if (apacheKafka)
            await UseApacheKafkaAsync();
        await using var pipeline = await _run.StartPipelineAsync();
        await _run.EventuallyCountAsync(10, "events");
        await _run.DeleteTopicAsync(_run.Topic);
        await _run.RecreateTopicAsync(3);

        // More records than the old topic had, so that the old position is one of the new topic too.
        await _run.SendAsync(0, Enumerable.Range(0, 30).Select(n => $$"""{"eventType":"new","eventId":"{{Guid.CreateVersion7()}}","n":{{n}}}"""));
        await Eventually.TrueAsync(
            () => pipeline.GetStatus().Reason?.Contains("deleted and created again", StringComparison.Ordinal) == true, "the status tells");
        for (var partition = 0; partition < 3; partition++)
        {
            await _run.Services.Positions.ResolveAsync(
                new ResolveRequest { Partition = partition, Target = ResolveTarget.RecreatedTopic, Actor = "me" }, Cancelled);
        }

        await _run.EventuallyCountAsync(40, "events");
        await Eventually.TrueAsync(() => pipeline.GetStatus() is { IsReady: true, Lag: 0 }, "it goes on without a restart");
        Assert.Equal(30, await _run.ScalarAsync<long>("SELECT count(*) FROM pipeline.events WHERE event_type = 'new'"));
    }

    [Fact]
    public async Task Truncated_log_stops_its_partition_loudly_until_a_person_goes_back_to_its_end()
    {
        await _run.AddPositionAsync(0, 12);
        await _run.AddLedgerAsync(0, 0, 10, inserted: 10);
        await _run.AddLedgerAsync(0, 10, 12, inserted: 2);
        await using var pipeline = await _run.StartPipelineAsync();
        await Eventually.TrueAsync(
            () => pipeline.GetStatus().Reason?.Contains("millrace groups resolve --partition 0", StringComparison.Ordinal) == true, "the status names the command");

        await ResolveAsync(ResolveTarget.Latest, force: true);
        await _run.SendAsync(0, """{"eventType":"after"}""");

        await _run.EventuallyCountAsync(1, "events");
        Assert.Equal(10, await _run.ScalarAsync<long>("SELECT kafka_offset FROM pipeline.events"));
        await Eventually.TrueAsync(() => pipeline.GetStatus().IsReady, "it goes on without a restart");
    }

    [Fact]
    public async Task Rehearsal_changes_nothing()
    {
        await _run.AddPositionAsync(0, 2);

        var result = await _run.Services.Positions.ResolveAsync(
            new ResolveRequest { Partition = 0, Target = ResolveTarget.Latest, Actor = "me", DryRun = true }, Cancelled);

        Assert.Equal((ResolveOutcome.WouldMove, 10L, 8L), (result.Outcome, result.To!.Value, result.GivenUp));
        Assert.Equal(2, await _run.ScalarAsync<long>("SELECT next_offset FROM pipeline.consumer_positions"));
        Assert.Equal((0, 0), (await _run.CountAsync("operations"), await _run.CountAsync("ledger")));
    }

    [Fact]
    public async Task What_needs_nothing_or_is_not_there_is_refused_with_a_sentence()
    {
        await _run.AddPositionAsync(0, 2);

        Assert.Equal(ResolveOutcome.AlreadyThere, (await ResolveAsync(ResolveTarget.Offset, 2)).Outcome);
        Assert.Equal(ResolveOutcome.NoSuchPartition, (await ResolveAsync(ResolveTarget.Latest, partition: 3)).Outcome);
        Assert.Equal(ResolveOutcome.NoPosition, (await ResolveAsync(ResolveTarget.Latest, partition: 1)).Outcome);
        await Assert.ThrowsAsync<OperationsException>(() => ResolveAsync(ResolveTarget.Offset));
        Assert.Equal([PartitionCondition.Ok, PartitionCondition.Ok, PartitionCondition.Ok], (await _run.Services.Positions.ListAsync(Cancelled)).Select(partition => partition.Condition));
    }

    private async Task UseApacheKafkaAsync()
    {
        await _run.DisposeAsync();
        _run = await OperationsRun.CreateAsync(postgres, await kafka.BootstrapAsync(), TimeProvider.System);
        await SendTenAsync();
    }

    private Task SendTenAsync() => _run.SendAsync(0, Enumerable.Range(0, 10).Select(i => $$"""{"eventType":"a","n":{{i}}}"""));

    private Task<ResolveResult> ResolveAsync(ResolveTarget target, long? offset = null, bool force = false, int partition = 0) =>
        _run.Services.Positions.ResolveAsync(
            new ResolveRequest { Partition = partition, Target = target, Offset = offset, Force = force, Actor = "me" }, Cancelled);

    private async Task<string[]> LedgerAsync(string topic) => await _run.ScalarAsync<string[]>(
        $"""
        SELECT coalesce(array_agg(concat(from_offset, '-', to_offset, CASE WHEN skipped THEN ' skipped' ELSE ' i' || inserted END, ' e', epoch) ORDER BY from_offset), ARRAY[]::text[])
          FROM pipeline.ledger WHERE topic LIKE '{topic}'
        """);
}
