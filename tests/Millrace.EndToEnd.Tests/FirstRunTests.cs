using System.Net.Http.Json;
using System.Text.Json;
using Millrace.Testing;

namespace Millrace.EndToEnd.Tests;

/// <summary>
/// The walk of a new user, with the tools that he has: from kafka-console-producer, kcat or curl to a row, on the embedded broker and
/// on a real Apache Kafka.
/// </summary>
public abstract class FirstRunTests
{
    private protected abstract RunningMillrace Millrace { get; }

    [Fact]
    public async Task Console_producer_event_becomes_a_row()
    {
        var produced = await KafkaTools.RunAsync(
            "kafka-console-producer", ["--topic", "events", "--bootstrap-server", Millrace.Kafka], """{"eventType":"user_signup","userId":123}""" + "\n");
        produced.ShouldSucceed();

        await Eventually.EqualAsync(
            1, () => Millrace.CountAsync("SELECT count(*) FROM pipeline.events WHERE event_type = 'user_signup' AND user_id = '123'"), "the row");
        Assert.Equal(1, await Millrace.CountAsync(
            """
            SELECT count(*) FROM (
              SELECT event_type, COUNT(*), MAX(created_at) FROM pipeline.events
              WHERE created_at > NOW() - INTERVAL '1 hour' GROUP BY event_type) AS by_type
            WHERE event_type = 'user_signup' AND count = 1
            """));
    }

    [Fact]
    public async Task Kcat_event_becomes_a_row_and_the_group_shows_no_lag()
    {
        var produced = await Kcat.RunAsync(
            Millrace.Kafka, ["-P", "-t", "events", "-k", "7"], """{"eventType":"kcat_event","userId":7}""" + "\n");
        produced.ShouldSucceed();
        await Eventually.EqualAsync(1, () => Millrace.CountAsync("SELECT count(*) FROM pipeline.events WHERE event_type = 'kcat_event'"), "the row");

        await Eventually.TrueAsync(
            async () =>
            {
                var described = await KafkaTools.RunAsync(
                    "kafka-consumer-groups", ["--bootstrap-server", Millrace.Kafka, "--describe", "--group", "pipeline-consumer"]);
                var lag = described.ShouldSucceed().Output.Split('\n')
                    .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Where(columns => columns.Length > 5 && columns[0] == "pipeline-consumer")
                    .Select(columns => columns[5])
                    .ToArray();
                return lag.Length == 3 && lag.All(value => value is "0" or "-") && lag.Contains("0");
            },
            "kafka-consumer-groups shows three partitions without lag");
    }

    [Fact]
    public async Task Topic_events_has_three_partitions_for_kcat()
    {
        var listed = await Kcat.RunAsync(Millrace.Kafka, ["-L", "-J", "-t", "events"]);

        using var metadata = JsonDocument.Parse(listed.ShouldSucceed().Output);
        Assert.Equal(3, metadata.RootElement.GetProperty("topics")[0].GetProperty("partitions").GetArrayLength());
    }

    [Fact]
    public async Task Http_events_are_acknowledged_with_ids_that_become_rows()
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync(
            $"{Millrace.App}/events", new object[] { new { eventType = "http_event", userId = "a" }, new { eventType = "http_event", userId = "b" } });
        Assert.Equal(System.Net.HttpStatusCode.Accepted, answer.StatusCode);
        var ids = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ids").EnumerateArray().Select(id => id.GetGuid()).ToArray();

        Assert.Equal(2, ids.Distinct().Count());
        await Eventually.EqualAsync(
            2,
            () => Millrace.CountAsync($"SELECT count(*) FROM pipeline.events WHERE event_id IN ('{ids[0]}', '{ids[1]}')"),
            "both rows under the ids that were answered");
    }

    [Fact]
    public async Task Bad_record_becomes_a_dead_letter_and_the_next_event_a_row()
    {
        var produced = await Kcat.RunAsync(
            Millrace.Kafka, ["-P", "-t", "events", "-k", "9", "-D", "\n"], "this is not json\n{\"eventType\":\"after_bad\",\"userId\":9}\n");
        produced.ShouldSucceed();

        await Eventually.EqualAsync(1, () => Millrace.CountAsync("SELECT count(*) FROM pipeline.events WHERE event_type = 'after_bad'"), "the row");
        await Eventually.TrueAsync(
            async () => await Millrace.CountAsync("SELECT count(*) FROM pipeline.dead_letters") >= 1, "the dead letter");
    }
}
