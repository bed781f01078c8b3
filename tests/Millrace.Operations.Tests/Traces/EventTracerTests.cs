using Millrace.Operations.Traces;
using Millrace.Testing;

namespace Millrace.Operations.Tests.Traces;

public sealed class EventTracerTests(PostgresFixture postgres, BrokerFixture broker) : IAsyncLifetime
{
    private static readonly Guid Id = Guid.Parse("0198a1c2-7d3e-7abc-8def-0123456789ab");
    private OperationsRun _run = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _run = await OperationsRun.CreateAsync(postgres, broker);

    public ValueTask DisposeAsync() => _run?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Stored_event_is_told_with_record_flush_and_row()
    {
        await _run.SendAsync(1, """{"eventType":"x"}""", $$"""{"eventType":"order","eventId":"{{Id}}","userId":7,"correlationId":"c-1"}""");
        await using (await _run.StartPipelineAsync())
            await _run.EventuallyCountAsync(2, "events");

        var trace = await TraceAsync(Id);

        Assert.Equal((TraceOutcome.Stored, "order", "7", "c-1"), (trace.Outcome, trace.EventType, trace.UserId, trace.CorrelationId));
        Assert.Equal((_run.Topic, 1, 1L), (trace.Topic, trace.Partition!.Value, trace.Offset!.Value));
        Assert.Equal((2L, 1), (trace.Flush!.To, trace.Flush.Flushes));
        Assert.Equal(trace.CommittedAt, trace.Flush.CommittedAt);
        Assert.True(trace.AcceptedAt <= trace.CommittedAt!.Value.AddSeconds(1));
        Assert.Contains("\"order\"", trace.Payload);
        Assert.Contains("stored", trace.Sentence);
    }

    [Fact]
    public async Task Event_without_id_of_its_own_is_found_by_the_one_that_it_will_get()
    {
        await _run.SendAsync(0, """{"eventType":"x"}""");
        var record = _run.ReadAll(_run.Topic).Single();
        var id = Events.EventIds.ForPartition(_run.Topic, 0).At(0, record.Message.Timestamp.UnixTimestampMs);

        Assert.Equal(TraceOutcome.InTopic, (await TraceAsync(id)).Outcome);
        await using (await _run.StartPipelineAsync())
            await _run.EventuallyCountAsync(1, "events");
        Assert.Equal(TraceOutcome.Stored, (await TraceAsync(id)).Outcome);
    }

    [Fact]
    public async Task Event_that_was_not_read_yet_is_found_in_the_topic_with_lag_and_estimate()
    {
        await _run.SendAsync(2, Enumerable.Range(0, 10).Select(n => n == 8 ? $$"""{"eventType":"order","eventId":"{{Id}}"}""" : """{"eventType":"x"}"""));
        await _run.AddPositionAsync(2, 3);
        Assert.Null((await TraceAsync(Id)).Waiting!.EstimatedSeconds);
        await _run.AddLedgerAsync(2, 0, 1, inserted: 1, at: "now() - interval '2 seconds'");
        await _run.AddLedgerAsync(2, 1, 3, inserted: 2, at: "now() - interval '1 second'");

        var trace = await TraceAsync(Id);

        Assert.Equal((TraceOutcome.InTopic, 2, 8L, 5L), (trace.Outcome, trace.Partition!.Value, trace.Offset!.Value, trace.Waiting!.Ahead));
        Assert.True(trace.Waiting.LagSeconds >= 0);
        Assert.True(trace.Waiting.EstimatedSeconds > 0);
    }

    [Fact]
    public async Task What_stands_before_the_position_is_not_searched_again()
    {
        await _run.SendAsync(0, $$"""{"eventType":"order","eventId":"{{Id}}"}""", """{"eventType":"x"}""");
        await _run.AddPositionAsync(0, 1);

        var trace = await TraceAsync(Id);

        Assert.Equal(TraceOutcome.Unknown, trace.Outcome);
        Assert.Contains("the 1 records of the topic that were not read yet", trace.Sentence);
    }

    [Fact]
    public async Task Dead_letter_is_told_with_its_reason_by_event_id_or_letter_id()
    {
        var letter = await _run.AddDeadLetterAsync(0, 1, "{", eventId: Id);
        var nameless = await _run.AddDeadLetterAsync(0, 2, "{");

        var trace = await TraceAsync(Id);

        Assert.Equal((TraceOutcome.Dead, letter, "not_json", "new"), (trace.Outcome, trace.Dead!.DeadLetterId, trace.Dead.Reason, trace.Dead.State));
        Assert.Contains("not_json", trace.Sentence);
        Assert.Equal(nameless, (await TraceAsync(nameless)).Dead!.DeadLetterId);
    }

    [Fact]
    public async Task Replayed_letter_is_where_its_event_is_now()
    {
        await _run.AddDeadLetterAsync(0, 1, "{", eventId: Id, state: "replayed");
        Assert.Equal((TraceOutcome.Dead, "replayed"), ((await TraceAsync(Id)).Outcome, (await TraceAsync(Id)).Dead!.State));

        await _run.SendAsync(0, $$"""{"eventType":"order","eventId":"{{Id}}"}""");
        Assert.Equal(TraceOutcome.InTopic, (await TraceAsync(Id)).Outcome);

        await using (await _run.StartPipelineAsync())
            await _run.EventuallyCountAsync(1, "events");
        Assert.Equal(TraceOutcome.Stored, (await TraceAsync(Id)).Outcome);
    }

    [Fact]
    public async Task Parked_event_is_told_with_what_it_waits_behind()
    {
        await _run.ParkAsync(0, "ann", 4, 6, 9);
        await _run.ExecuteAsync($"UPDATE pipeline.parked_events SET event_id = '{Id}' WHERE kafka_offset = 9");
        var first = await _run.ScalarAsync<Guid>("SELECT event_id FROM pipeline.parked_events WHERE kafka_offset = 4");

        var trace = await TraceAsync(Id);
        var ahead = await TraceAsync(first);

        Assert.Equal((TraceOutcome.Parked, first, 2L, 2), (trace.Outcome, trace.Parked!.BehindEventId, trace.Parked.Ahead, trace.Parked.Attempts));
        Assert.Contains($"behind 2 events of user ann, the first of which, {first}", trace.Sentence);
        Assert.Equal(0, ahead.Parked!.Ahead);
    }

    [Fact]
    public async Task Correlation_gives_every_event_once_wherever_it_is()
    {
        await _run.SendAsync(0, $$"""{"eventType":"stored","eventId":"{{Id}}","correlationId":"corr"}""", """{"eventType":"other","correlationId":"corr2"}""");
        await using (await _run.StartPipelineAsync())
            await _run.EventuallyCountAsync(2, "events");
        await _run.ParkAsync(1, "ann", 3);
        var dead = await _run.AddDeadLetterAsync(0, 7, "{");
        await _run.AddDeadLetterAsync(0, 8, "{", eventId: Id, state: "replayed");
        await _run.ExecuteAsync("UPDATE pipeline.dead_letters SET correlation_id = 'corr'");
        await _run.SendAsync(2, """{"eventType":"waiting","correlationId":"corr"}""");

        var traces = await _run.Services.Tracer.ByCorrelationAsync("corr", Cancelled);

        Assert.Equal(
            [TraceOutcome.Stored, TraceOutcome.Dead, TraceOutcome.Parked, TraceOutcome.InTopic], traces.Select(trace => trace.Outcome).Order());
        Assert.Equal(4, traces.Select(trace => trace.EventId).Distinct().Count());
        Assert.Contains(traces, trace => trace.EventId == dead);
        Assert.All(traces, trace => Assert.NotEqual("", trace.Sentence));
        Assert.Empty(await _run.Services.Tracer.ByCorrelationAsync("nothing", Cancelled));
    }

    [Fact]
    public async Task Kafka_that_is_away_is_told_in_the_sentence()
    {
        await using var services = OperationsServices.Open(
            new OperationsSettings { ConnectionString = _run.Settings.ConnectionString, BootstrapServers = "127.0.0.1:1", Topic = _run.Topic, GroupId = _run.Settings.GroupId },
            TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);

        var trace = await services.Tracer.ByIdAsync(Id, Cancelled);

        Assert.Equal(TraceOutcome.Unknown, trace.Outcome);
        Assert.Contains("does not answer", trace.Sentence);
    }

    private Task<EventTrace> TraceAsync(Guid id) => _run.Services.Tracer.ByIdAsync(id, Cancelled);
}
