using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Millrace.Testing;

namespace Millrace.EndToEnd.Tests;

/// <summary>What an operator does when something went wrong: find the record, repair it, send it again, and see the proof that all is well.</summary>
public sealed class DeliveryTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Failed = 1;
    private const int SomeRefused = 5;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bad_record_is_found_patched_and_replayed_into_one_row_and_verify_notices_when_that_is_deleted(bool onApacheKafka)
    {
        await using var cluster = onApacheKafka ? await Cluster.OnApacheKafkaAsync(postgres) : await Cluster.OnEmbeddedBrokerAsync(postgres);
        var process = await cluster.StartProcessAsync();
        var eventId = Guid.CreateVersion7();
        var value = $$"""{"eventId":"{{eventId}}","userId":9,"amount":5}""";
        await ProduceAsync(cluster, value, "-k", "9", "-H", "source=till-4");
        await ProduceAsync(cluster, """{"eventType":"fine","userId":9}""", "-k", "9");

        // It is in the table, by reason, and in the dead-letter topic as it came.
        await Eventually.EqualAsync(1, () => cluster.Database.ScalarAsync<long>("SELECT count(*) FROM pipeline.dead_letters"), "the dead letter");
        var group = Assert.Single((await JsonAsync(cluster, "dlq", "list", "--format", "json")).EnumerateArray());
        Assert.Equal(("event_type_missing", 1), (group.GetProperty("reason").GetString(), group.GetProperty("count").GetInt32()));
        var letter = group.GetProperty("exampleId").GetString()!;
        var relayed = await Kcat.RunAsync(cluster.Kafka, ["-C", "-t", "events.dlq", "-o", "beginning", "-c", "1", "-J"]);
        var record = JsonDocument.Parse(relayed.ShouldSucceed().Output).RootElement;
        Assert.Equal((value, "9"), (record.GetProperty("payload").GetString(), record.GetProperty("key").GetString()));
        string[] headers = [.. record.GetProperty("headers").EnumerateArray().Select(header => header.GetString()!)];
        Assert.Equal("till-4", headers[Array.IndexOf(headers, "source") + 1]);
        Assert.Equal("event_type_missing", headers[Array.IndexOf(headers, "millrace-reason") + 1]);

        // As it is it would be refused again; repaired it passes.
        var patch = await cluster.WriteFileAsync("patch.json", """[{"op":"add","path":"/eventType","value":"repaired"}]""");
        Assert.Equal((1, 0), Passed(await JsonAsync(cluster, "dlq", "replay", "--reason", "event_type_missing", "--dry-run", "--format", "json")));
        Assert.Equal((1, 1), Passed(await JsonAsync(cluster, "dlq", "replay", "--reason", "event_type_missing", "--patch", patch, "--dry-run", "--format", "json")));
        Assert.Equal(0, await cluster.Database.ScalarAsync<long>("SELECT count(*) FROM pipeline.events WHERE event_type = 'repaired'"));
        (await cluster.RunAsync("dlq", "replay", "--reason", "event_type_missing", "--patch", patch, "--yes")).ShouldSucceed();
        await Eventually.EqualAsync(
            1, () => cluster.Database.ScalarAsync<long>($"SELECT count(*) FROM pipeline.events WHERE event_id = '{eventId}' AND event_type = 'repaired'"), "the row");

        // Twice is once.
        (await cluster.RunAsync("dlq", "replay", letter, "--patch", patch)).ShouldSucceed();
        await Eventually.EqualAsync(1, () => cluster.Database.ScalarAsync<long>("SELECT coalesce(sum(duplicates), 0)::bigint FROM pipeline.ledger"), "the duplicate");
        Assert.Equal(1, await cluster.Database.ScalarAsync<long>($"SELECT count(*) FROM pipeline.events WHERE event_id = '{eventId}'"));
        var shown = await JsonAsync(cluster, "dlq", "show", letter, "--format", "json");
        Assert.Equal(("replayed", 2), (shown.GetProperty("state").GetString(), shown.GetProperty("replays").GetInt32()));
        Assert.StartsWith("tester@", shown.GetProperty("decidedBy").GetString(), StringComparison.Ordinal);

        // The event knows its way, for the command and over HTTP.
        Assert.Equal("stored", (await JsonAsync(cluster, "trace", $"{eventId}", "--format", "json")).GetProperty("outcome").GetString());
        using var http = new HttpClient();
        var trace = await http.GetFromJsonAsync<JsonElement>($"{process.App}/events/{eventId}", TestContext.Current.CancellationToken);
        Assert.Equal(("stored", 5), (trace.GetProperty("outcome").GetString(), trace.GetProperty("payload").GetProperty("amount").GetInt32()));
        using var unknown = await http.GetAsync($"{process.App}/events/{Guid.CreateVersion7()}", TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (unknown.StatusCode, unknown.Content.Headers.ContentType?.MediaType));

        // All is accounted for, until somebody takes a row away.
        var proof = (await cluster.RunAsync("verify")).ShouldSucceed();
        Assert.Contains("OK: every record is accounted for", proof.Output, StringComparison.Ordinal);
        await cluster.Database.ExecuteAsync($"DELETE FROM pipeline.events WHERE event_id = '{eventId}'");
        var broken = await cluster.RunAsync("verify");
        Assert.Equal(Failed, broken.ExitCode);
        Assert.Contains("FAILED", broken.Output, StringComparison.Ordinal);
        Assert.Equal("failed", JsonDocument.Parse((await cluster.RunAsync("verify", "--format", "json")).Output).RootElement.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Dead_letters_are_exported_and_given_up_with_a_reason_and_never_all_by_a_slip()
    {
        await using var cluster = await Cluster.OnEmbeddedBrokerAsync(postgres);
        await cluster.StartProcessAsync();
        await ProduceAsync(cluster, "not json\n[]");
        await Eventually.EqualAsync(2, () => cluster.Database.ScalarAsync<long>("SELECT count(*) FROM pipeline.dead_letters"), "two dead letters");

        // Nobody is there to say yes.
        Assert.Equal(2, (await cluster.RunAsync("dlq", "discard", "--all", "--because", "a slip")).ExitCode);
        Assert.Equal(2, (await cluster.RunAsync("dlq", "replay", "--all")).ExitCode);
        Assert.Equal(SomeRefused, (await cluster.RunAsync("dlq", "replay", "--all", "--yes")).ExitCode);

        var lines = (await cluster.RunAsync("dlq", "export")).ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["[]", "not json"], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("valueText").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(1, (await JsonAsync(cluster, "dlq", "discard", "--reason", "not_json", "--because", "a probe", "--yes", "--format", "json")).GetProperty("discarded").GetInt32());

        Assert.Equal(1, await cluster.Database.ScalarAsync<long>("SELECT count(*) FROM pipeline.dead_letters WHERE state = 'discarded' AND decided_reason = 'a probe'"));
        Assert.Equal(1, await cluster.Database.ScalarAsync<long>("SELECT count(*) FROM pipeline.operations WHERE actor LIKE 'tester@%' AND action LIKE '%discard%'"));
    }

    [Fact]
    public async Task Trace_finds_an_event_wherever_it_is()
    {
        await using var cluster = await Cluster.OnEmbeddedBrokerAsync(postgres);
        var process = await cluster.StartProcessAsync();
        await cluster.Database.ExecuteAsync("ALTER TABLE pipeline.events ADD CONSTRAINT no_gamblers CHECK (user_id <> '13')");
        Guid stored = Guid.CreateVersion7(), dead = Guid.CreateVersion7(), parked = Guid.CreateVersion7(), behind = Guid.CreateVersion7(), waiting = Guid.CreateVersion7();
        await ProduceAsync(cluster, $$"""{"eventType":"t","eventId":"{{stored}}","userId":1,"correlationId":"c-1"}""");
        await ProduceAsync(cluster, $$"""{"eventId":"{{dead}}","userId":1,"correlationId":"c-1"}""");
        await ProduceAsync(cluster, $$"""
            {"eventType":"t","eventId":"{{parked}}","userId":13}
            {"eventType":"t","eventId":"{{behind}}","userId":13}
            """, "-k", "13");
        await StateAsync(process, stored, "stored");
        await StateAsync(process, dead, "dead");
        await StateAsync(process, parked, "parked");
        await StateAsync(process, behind, "parked");
        var second = (await JsonAsync(cluster, "trace", $"{behind}", "--format", "json")).GetProperty("parked");
        Assert.Equal((parked, 1), (second.GetProperty("behindEventId").GetGuid(), second.GetProperty("ahead").GetInt32()));
        var users = await JsonAsync(cluster, "parked", "--format", "json");
        Assert.Equal(("13", 2), (users[0].GetProperty("userId").GetString(), users[0].GetProperty("waiting").GetInt32()));

        await LookUpAtOnceAsync(process, 300);

        Assert.Equal(0, await process.StopAsync());
        await ProduceAsync(cluster, $$"""{"eventType":"t","eventId":"{{waiting}}","userId":2}""");
        Assert.Equal("inTopic", (await JsonAsync(cluster, "trace", $"{waiting}", "--format", "json")).GetProperty("outcome").GetString());
        var unknown = await cluster.RunAsync("trace", $"{Guid.CreateVersion7()}");
        Assert.Equal(Failed, unknown.ExitCode);
        Assert.Equal(2, (await JsonAsync(cluster, "trace", "--correlation", "c-1", "--format", "json")).GetArrayLength());

        // The reason is gone: the user's events follow in order. Asked for while nothing runs, or the retry that is due by itself may come first.
        await cluster.Database.ExecuteAsync("ALTER TABLE pipeline.events DROP CONSTRAINT no_gamblers");
        (await cluster.RunAsync("parked", "retry", "13")).ShouldSucceed();
        process = await cluster.StartProcessAsync();
        await StateAsync(process, behind, "stored");
        await StateAsync(process, waiting, "stored");
        Assert.Empty((await JsonAsync(cluster, "parked", "--format", "json")).EnumerateArray());
        (await cluster.RunAsync("verify")).ShouldSucceed();
    }

    private static async Task ProduceAsync(Cluster cluster, string lines, params string[] options) =>
        (await Kcat.RunAsync(cluster.Kafka, ["-P", "-t", "events", .. options], lines + "\n")).ShouldSucceed();

    /// <summary>Looking for what is nowhere is the dearest look-up: some are made, and who does not fit is told when to come back.</summary>
    private static async Task LookUpAtOnceAsync(RunProcess process, int lookups)
    {
        using var http = new HttpClient();
        var answers = await Task.WhenAll(Enumerable.Range(0, lookups).Select(_ => http.GetAsync($"{process.App}/events/{Guid.CreateVersion7()}")));
        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.ServiceUnavailable], answers.Select(answer => answer.StatusCode).Distinct().Order());
        Assert.All(answers.Where(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable), answer => Assert.NotNull(answer.Headers.RetryAfter));
    }

    /// <summary>Over HTTP, which is asked many times with less effort than a command.</summary>
    private static async Task StateAsync(RunProcess process, Guid eventId, string state)
    {
        using var http = new HttpClient();
        await Eventually.EqualAsync(
            state,
            async () =>
            {
                using var answer = await http.GetAsync($"{process.App}/events/{eventId}");
                return answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("outcome").GetString()! : $"{answer.StatusCode}";
            },
            $"event {eventId} is {state}");
    }

    private static (int Considered, int Passed) Passed(JsonElement report) => (report.GetProperty("considered").GetInt32(), report.GetProperty("passed").GetInt32());

    private static async Task<JsonElement> JsonAsync(Cluster cluster, params string[] arguments) =>
        JsonDocument.Parse((await cluster.RunAsync(arguments)).ShouldSucceed().Output).RootElement;
}
