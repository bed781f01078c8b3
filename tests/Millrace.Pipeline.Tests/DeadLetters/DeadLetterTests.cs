using System.Text;
using Confluent.Kafka;
using Millrace.Events;
using Millrace.Pipeline.Tests.Write;
using Millrace.Testing;

namespace Millrace.Pipeline.Tests.DeadLetters;

/// <summary>What the table keeps of a record that is no event.</summary>
public sealed class DeadLetterTests(PostgresFixture postgres) : IAsyncLifetime
{
    private PipelineDatabase _database = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await PipelineDatabase.CreateAsync(postgres);

    public ValueTask DisposeAsync() => _database?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData("""{"eventType":"t","eventId":"0198a1c2-7d3e-7abc-8def-0123456789ab","userId":7,"correlationId":"c","timestamp":"noon"}""", "0198a1c2-7d3e-7abc-8def-0123456789ab|t|7|c")]
    [InlineData("""{"eventType":"t","userId":"u","x":""", "-|t|u|-")]
    [InlineData("""{"eventType":5,"eventId":"x","userId":[1],"correlationId":{},"nested":{"eventType":"inner"}}""", "-|5|key|-")]
    [InlineData("""{"eventType":"a\u0000b","userId":"\ud800","correlationId":"c"}""", "-|-|key|c")]
    [InlineData("""["eventType","t"]""", "-|-|key|-")]
    [InlineData("no json", "-|-|key|-")]
    [InlineData("", "-|-|key|-")]
    public async Task Fields_are_kept_as_far_as_they_can_be_read(string value, string expected)
    {
        await FlushAsync(0, Record(value));

        Assert.Equal(expected, await _database.ScalarAsync<string>(
            "SELECT concat_ws('|', coalesce(event_id::text, '-'), coalesce(event_type, '-'), coalesce(user_id, '-'), coalesce(correlation_id, '-')) FROM pipeline.dead_letters"));
    }

    [Fact]
    public async Task Event_that_the_database_rejects_keeps_the_id_that_it_would_have_had_and_tells_why()
    {
        await _database.ExecuteAsync("ALTER TABLE pipeline.events ADD CHECK (event_type <> 'forbidden')");

        await FlushAsync(3, Record("""{"eventType":"forbidden"}""", key: null));

        Assert.Equal(
            $"{EventIds.ForPartition("events", 1).At(3, Batches.Timestamp)}|forbidden|rejected_by_database|23514: new row for relation \"events\" violates check constraint \"events_event_type_check\"",
            await _database.ScalarAsync<string>("SELECT concat_ws('|', event_id, event_type, user_id, reason, detail) FROM pipeline.dead_letters"));
    }

    [Theory]
    [InlineData("1", 2)]
    [InlineData("2147483647", 1_000_001)]
    [InlineData("-1", 1)]
    [InlineData("1x", 1)]
    [InlineData("99999999999", 1)]
    [InlineData(null, 1)]
    public async Task Attempts_go_on_from_the_header(string? header, int expected)
    {
        await FlushAsync(0, Record("no json", ("millrace-attempts", "7"), ("other", "9"), ("millrace-attempts", header)));

        Assert.Equal(expected, await _database.ScalarAsync<int>("SELECT attempts FROM pipeline.dead_letters"));
    }

    [Fact]
    public async Task Record_that_is_read_again_makes_no_second_row()
    {
        await FlushAsync(0, Record("no json", ("millrace-attempts", "4")));
        await _database.ExecuteAsync("UPDATE pipeline.consumer_positions SET next_offset = 0; DELETE FROM pipeline.ledger");
        await FlushAsync(0, Record("no json", ("millrace-attempts", "4")));

        Assert.Equal(1, await _database.CountAsync("dead_letters"));
        Assert.Equal(6, await _database.ScalarAsync<int>("SELECT attempts FROM pipeline.dead_letters"));
    }

    [Fact]
    public async Task Headers_are_kept_in_their_order_and_absent_ones_are_null()
    {
        await FlushAsync(0, Record("no json", ("b", "é"), ("a\0", null), ("b", "")), Record("no json"));

        Assert.Equal("""[{"key": "b", "value": "w6k="}, {"key": "a�", "value": null}, {"key": "b", "value": ""}]""", await _database.ScalarAsync<string>(
            "SELECT record_headers::text FROM pipeline.dead_letters WHERE kafka_offset = 0"));
        Assert.True(await _database.ScalarAsync<bool>("SELECT record_headers IS NULL FROM pipeline.dead_letters WHERE kafka_offset = 1"));
    }

    private static Message<string?, byte[]?> Record(string value, params (string Key, string? Value)[] headers) => Record(value, "key", headers);

    private static Message<string?, byte[]?> Record(string value, string? key, params (string Key, string? Value)[] headers)
    {
        var message = new Message<string?, byte[]?> { Key = key, Value = Encoding.UTF8.GetBytes(value), Headers = [] };
        foreach (var header in headers)
            message.Headers.Add(header.Key, header.Value is null ? null : Encoding.UTF8.GetBytes(header.Value));
        return message;
    }

    private async Task FlushAsync(long offset, params Message<string?, byte[]?>[] records)
    {
        await using var writer = _database.Writer(await _database.AcquireAsync());
        await writer.FlushAsync(Batches.OfRecords(offset, records), Cancelled);
    }
}
