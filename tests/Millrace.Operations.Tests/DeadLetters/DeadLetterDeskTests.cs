using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Millrace.Operations.DeadLetters;
using Millrace.Testing;

namespace Millrace.Operations.Tests.DeadLetters;

public sealed class DeadLetterDeskTests(PostgresFixture postgres, BrokerFixture broker) : IAsyncLifetime
{
    private static readonly string[] SomeHeaders = ["trace"];
    private OperationsRun _run = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private DeadLetterDesk Desk => _run.Services.DeadLetters;

    public async ValueTask InitializeAsync() => _run = await OperationsRun.CreateAsync(postgres, broker);

    public ValueTask DisposeAsync() => _run?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task List_puts_letters_together_that_differ_in_numbers_ids_and_quoted_parts_only()
    {
        await _run.AddDeadLetterAsync(0, 1, "{", detail: "Wrong at byte 3.", firstSeen: "now() - interval '2 hours'");
        var newest = await _run.AddDeadLetterAsync(0, 2, "{", detail: "Wrong at byte 17.");
        await _run.AddDeadLetterAsync(0, 3, "{}", "event_type_missing", "Wrong at byte 3.");
        await _run.AddDeadLetterAsync(1, 1, "{}", "rejected_by_database", $"23505: \"a\" of {Guid.NewGuid()}, Key (x, y)=(q, w)");
        await _run.AddDeadLetterAsync(1, 2, "{}", "rejected_by_database", $"23505: \"b 7\" of {Guid.NewGuid()}, Key (x, y)=(r)");
        await _run.AddDeadLetterAsync(1, 3, "{}", "rejected_by_database", $"23514: \"b\" of {Guid.NewGuid()}, Key (x, z)=(r)");
        await _run.AddDeadLetterAsync(0, 4, "{", detail: "Wrong at byte 4.", state: "discarded");

        var groups = await Desk.ListAsync(new DeadLetterFilter(), Cancelled);

        Assert.Equal(
            [("not_json", 2L), ("rejected_by_database", 2L), ("event_type_missing", 1L), ("rejected_by_database", 1L)],
            groups.Select(group => (group.Reason, group.Count)));
        Assert.Equal(4, groups.Select(group => group.Fingerprint).Distinct().Count());
        Assert.Equal((newest, "Wrong at byte 17."), (groups[0].ExampleId, groups[0].ExampleDetail));
        Assert.Equal(2, (groups[0].LastSeen - groups[0].FirstSeen).TotalHours, 0.1);
        Assert.Equal(2, (await Desk.ListAsync(new DeadLetterFilter { Fingerprint = groups[0].Fingerprint }, Cancelled)).Single().Count);
        Assert.Equal(3, (await Desk.ListAsync(new DeadLetterFilter { Fingerprint = groups[0].Fingerprint, State = null }, Cancelled)).Single().Count);
        Assert.Equal(3, (await Desk.ListAsync(new DeadLetterFilter { Reason = "rejected_by_database" }, Cancelled)).Sum(group => group.Count));
        Assert.Equal(1, (await Desk.ListAsync(new DeadLetterFilter { To = DateTimeOffset.UtcNow.AddHours(-1) }, Cancelled)).Sum(group => group.Count));
        Assert.Equal(5, (await Desk.ListAsync(new DeadLetterFilter { From = DateTimeOffset.UtcNow.AddHours(-1) }, Cancelled)).Sum(group => group.Count));
    }

    [Fact]
    public async Task Show_gives_everything_and_text_where_bytes_are_text()
    {
        var id = await _run.AddDeadLetterAsync(2, 7, "{\"ü\":", headers: """[{"key":"trace","value":"AQI="},{"key":"none","value":null}]""", eventType: "order");
        await _run.ExecuteAsync($"UPDATE pipeline.dead_letters SET record_key = '\\xff' WHERE dead_letter_id = '{id}'");

        var letter = (await Desk.ShowAsync(id, Cancelled))!;

        Assert.Equal((_run.Topic, 2, 7L, DeadLetterState.New, "order"), (letter.Topic, letter.Partition, letter.Offset, letter.State, letter.EventType));
        Assert.Equal("{\"ü\":", letter.ValueText);
        Assert.Equal([0xFF], letter.Key);
        Assert.Null(letter.KeyText);
        Assert.Equal(["trace", "none"], letter.Headers.Select(header => header.Key));
        Assert.Equal([1, 2], letter.Headers[0].Value);
        Assert.Null(letter.Headers[1].Value);
        Assert.Null(await Desk.ShowAsync(Guid.NewGuid(), Cancelled));
    }

    [Fact]
    public async Task Rehearsal_says_what_would_pass_and_changes_nothing()
    {
        var good = await _run.AddDeadLetterAsync(0, 1, """{"eventType":"a"}""");
        var databases = await _run.AddDeadLetterAsync(0, 2, """{"eventType":"a"}""", "retries_exhausted", "After 4 attempts: 23514: check");
        var bad = await _run.AddDeadLetterAsync(0, 3, "{");
        await _run.AddDeadLetterAsync(0, 4, "{]");
        await _run.AddDeadLetterAsync(0, 5, null, "null_value");
        await _run.AddDeadLetterAsync(0, 6, """{"eventType":"a"}""", attempts: 5);

        var report = await Desk.ReplayAsync(new DeadLetterFilter(), new ReplayOptions { Actor = "me", DryRun = true }, Cancelled);

        Assert.Equal((6, 2, 1, 0, 1), (report.Considered, report.Passed, report.Uncertain, report.Replayed, report.Guarded));
        Assert.Equal([("not_json", 2L), ("null_value", 1L)], report.StillBad.Select(still => (still.Reason, still.Count)));
        Assert.Equal(bad, report.StillBad[0].ExampleId);
        Assert.Empty(_run.ReadAll(_run.Topic));
        Assert.Equal(("new", "new"), (await _run.StateAsync(good), await _run.StateAsync(databases)));
        Assert.Equal(0, await _run.CountAsync("operations"));
    }

    [Fact]
    public async Task Replay_sends_the_record_as_it_was_to_its_partition_and_marks_it()
    {
        const string value = """{"eventType":"a","eventId":"0198a1c2-7d3e-7abc-8def-0123456789ab"}""";
        var id = await _run.AddDeadLetterAsync(
            1, 9, value, attempts: 2, headers: """[{"key":"trace","value":"AQI="},{"key":"millrace-attempts","value":"MQ=="}]""");

        var report = await Desk.ReplayAsync(new DeadLetterFilter { Ids = [id] }, new ReplayOptions { Actor = "me" }, Cancelled);

        Assert.Equal((1, 1, 1), (report.Considered, report.Passed, report.Replayed));
        var record = Assert.Single(_run.ReadAll(_run.Topic));
        Assert.Equal(1, record.Partition.Value);
        Assert.Equal((value, "42"), (Encoding.UTF8.GetString(record.Message.Value!), Encoding.UTF8.GetString(record.Message.Key!)));
        Assert.Equal(
            [("trace", "\u0001\u0002"), ("millrace-attempts", "2"), ("millrace-dead-letter-id", id.ToString())],
            record.Message.Headers.Select(header => (header.Key, Encoding.UTF8.GetString(header.GetValueBytes()))));
        var letter = (await Desk.ShowAsync(id, Cancelled))!;
        Assert.Equal((DeadLetterState.Replayed, 1, "me"), (letter.State, letter.Replays, letter.DecidedBy));
        Assert.NotNull(letter.DecidedAt);
        Assert.Equal("me dead_letters.replay done: 1 of 1 replayed 1", await _run.ScalarAsync<string>(
            "SELECT concat_ws(' ', actor, action, outcome, details ->> 'replayed') FROM pipeline.operations"));
    }

    [Fact]
    public async Task Replay_of_an_event_without_id_stores_it_once_however_often_it_is_sent()
    {
        var none = await _run.AddDeadLetterAsync(0, 1, """  { "eventType":"a"}""");
        var isNull = await _run.AddDeadLetterAsync(0, 2, """{"eventType":"a","eventId":null,"x":1}""");
        await using var pipeline = await _run.StartPipelineAsync();

        for (var i = 0; i < 2; i++)
        {
            var report = await Desk.ReplayAsync(new DeadLetterFilter { State = null }, new ReplayOptions { Actor = "me" }, Cancelled);
            Assert.Equal(2, report.Replayed);
        }

        await Eventually.TrueAsync(() => pipeline.GetStatus() is { Stored: 2, Duplicates: 2 }, "two rows and two duplicates");
        Assert.Equal(2, await _run.ScalarAsync<long>($"SELECT count(*) FROM pipeline.events WHERE event_id IN ('{none}', '{isNull}')"));
        Assert.Equal(2, (await Desk.ShowAsync(none, Cancelled))!.Replays);
    }

    [Fact]
    public async Task Patch_is_applied_before_the_check()
    {
        var missing = await _run.AddDeadLetterAsync(0, 1, """{"user":"ü <1>","n":1.50}""", "event_type_missing");
        var hasIt = await _run.AddDeadLetterAsync(0, 2, """{"eventType":"b"}""");
        await _run.AddDeadLetterAsync(0, 3, "{");
        var twice = await _run.AddDeadLetterAsync(0, 4, """{"eventType":"b","o":{"a":1,"a":2}}""");
        const string patch = """[{"op":"move","from":"/user","path":"/userId"},{"op":"add","path":"/eventType","value":"fixed"}]""";

        var report = await Desk.ReplayAsync(new DeadLetterFilter(), new ReplayOptions { Actor = "me", Patch = patch }, Cancelled);

        Assert.Equal((4, 1, 1), (report.Considered, report.Passed, report.Replayed));
        Assert.Equal([("patch_failed", 2L), ("not_json", 1L)], report.StillBad.Select(still => (still.Reason, still.Count)));
        Assert.Equal(hasIt, report.StillBad[0].ExampleId);
        Assert.Contains("operation 1 (move /userId)", report.StillBad[0].ExampleDetail);
        Assert.Equal(
            $$"""{"eventId":"{{missing}}","n":1.50,"userId":"ü <1>","eventType":"fixed"}""",
            Encoding.UTF8.GetString(Assert.Single(_run.ReadAll(_run.Topic)).Message.Value!));
        Assert.Equal("new", await _run.StateAsync(twice));
    }

    [Theory]
    [InlineData("""[{"op":"wat","path":"/a"}]""", null)]
    [InlineData(null, 0.0)]
    [InlineData(null, double.NaN)]
    public async Task Replay_with_options_that_mean_nothing_is_refused(string? patch, double? rate)
    {
        await Assert.ThrowsAsync<OperationsException>(
            () => Desk.ReplayAsync(new DeadLetterFilter(), new ReplayOptions { Actor = "me", Patch = patch, RatePerSecond = rate }, Cancelled));
    }

    [Fact]
    public async Task Letter_that_the_broker_refuses_stays_new_and_the_others_are_sent()
    {
        var lost = await _run.AddDeadLetterAsync(7, 1, """{"eventType":"a"}""");
        var sent = await _run.AddDeadLetterAsync(0, 1, """{"eventType":"a"}""");
        var gone = Guid.NewGuid();

        var report = await Desk.ReplayAsync(new DeadLetterFilter { Ids = [lost, sent, gone] }, new ReplayOptions { Actor = "me" }, Cancelled);

        Assert.Equal((2, 2, 1), (report.Considered, report.Passed, report.Replayed));
        Assert.Equal(("Local_UnknownPartition", lost), (Assert.Single(report.NotSent).Reason, report.NotSent[0].ExampleId));
        Assert.Equal([gone], report.Missing);
        Assert.Equal(("new", "replayed"), (await _run.StateAsync(lost), await _run.StateAsync(sent)));
    }

    [Fact]
    public async Task Letter_that_comes_back_again_and_again_is_left_alone()
    {
        // The check takes it, the database does not: only a replay can tell, and each one makes another letter.
        await _run.ExecuteAsync("ALTER TABLE pipeline.events ADD CHECK (event_type <> 'bad')");
        // Without a user, whom it would park first.
        await _run.SendAsync(0, null, ["""{"eventType":"bad"}"""]);
        await using var pipeline = await _run.StartPipelineAsync();
        await _run.EventuallyCountAsync(1, "dead_letters");

        for (var copies = 2; copies <= 3; copies++)
        {
            Assert.Equal(1, (await Desk.ReplayAsync(new DeadLetterFilter(), new ReplayOptions { Actor = "me", MaxAttempts = 3 }, Cancelled)).Replayed);
            await _run.EventuallyCountAsync(copies, "dead_letters");
        }

        var report = await Desk.ReplayAsync(new DeadLetterFilter(), new ReplayOptions { Actor = "me", MaxAttempts = 3 }, Cancelled);
        Assert.Equal((1, 0, 1), (report.Considered, report.Replayed, report.Guarded));
    }

    [Fact]
    public async Task Replay_more_than_a_page_keeps_the_order_of_the_partition_and_reports_progress()
    {
        for (var i = 0; i < 250; i++)
            await _run.AddDeadLetterAsync(0, 249 - i, $$"""{"eventType":"a","n":{{249 - i}}}""");
        var progress = new List<long>();

        await Desk.ReplayAsync(new DeadLetterFilter(), new ReplayOptions { Actor = "me", Progress = progress.Add }, Cancelled);

        Assert.Equal(
            Enumerable.Range(0, 250),
            _run.ReadAll(_run.Topic).Select(record => JsonDocument.Parse(record.Message.Value).RootElement.GetProperty("n").GetInt32()));
        Assert.Equal([100, 200, 250], progress);
    }

    [Fact]
    public async Task Rate_is_kept_and_a_replay_that_is_ended_half_way_has_marked_what_it_sent()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var services = OperationsServices.Open(_run.Settings, time, NullLoggerFactory.Instance);
        var letters = new List<Guid>();
        for (var i = 0; i < 5; i++)
            letters.Add(await _run.AddDeadLetterAsync(0, i, """{"eventType":"a"}"""));
        using var end = new CancellationTokenSource();
        var replay = services.DeadLetters.ReplayAsync(new DeadLetterFilter(), new ReplayOptions { Actor = "me", RatePerSecond = 0.1 }, end.Token);
        await Eventually.EqualAsync(1, SentAsync, "the first is sent at once");

        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, await SentAsync());
        time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.EqualAsync(2, SentAsync, "the second is sent ten seconds later");
        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => replay);
        Assert.Equal(["replayed", "replayed", "new"], [await _run.StateAsync(letters[0]), await _run.StateAsync(letters[1]), await _run.StateAsync(letters[2])]);
        Assert.Equal("interrupted: 2 of 3 replayed", await _run.ScalarAsync<string>("SELECT outcome FROM pipeline.operations"));

        Task<int> SentAsync() => Task.FromResult(_run.ReadAll(_run.Topic).Count);
    }

    [Fact]
    public async Task Discarded_letters_keep_who_and_why_and_are_no_longer_new()
    {
        var old = await _run.AddDeadLetterAsync(0, 1, "{", firstSeen: "now() - interval '2 days'");
        var fresh = await _run.AddDeadLetterAsync(0, 2, "{");
        var replayed = await _run.AddDeadLetterAsync(0, 3, "{", state: "replayed", firstSeen: "now() - interval '2 days'");

        Assert.Equal(1, await Desk.DiscardAsync(new DeadLetterFilter { To = DateTimeOffset.UtcNow.AddDays(-1), State = null }, "test traffic", "me", Cancelled));

        var letter = (await Desk.ShowAsync(old, Cancelled))!;
        Assert.Equal((DeadLetterState.Discarded, "me", "test traffic"), (letter.State, letter.DecidedBy, letter.DecidedReason));
        Assert.Equal(("new", "replayed"), (await _run.StateAsync(fresh), await _run.StateAsync(replayed)));
        Assert.Equal("me dead_letters.discard 1 discarded: test traffic", await _run.ScalarAsync<string>(
            "SELECT concat_ws(' ', actor, action, outcome) FROM pipeline.operations"));
    }

    [Fact]
    public async Task Export_writes_a_line_for_each_letter_with_bytes_and_text()
    {
        await _run.AddDeadLetterAsync(0, 1, "{\"ü\":\n", headers: """[{"key":"trace","value":"AQI="}]""", firstSeen: "now() - interval '1 hour'");
        var second = await _run.AddDeadLetterAsync(0, 2, "x");
        await _run.ExecuteAsync($"UPDATE pipeline.dead_letters SET record_value = '\\xff' WHERE dead_letter_id = '{second}'");
        using var output = new MemoryStream();

        Assert.Equal(2, await Desk.ExportAsync(new DeadLetterFilter(), output, Cancelled));

        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(2, lines.Count);
        Assert.Equal(("{\"ü\":\n", "new"), (lines[0].GetProperty("valueText").GetString(), lines[0].GetProperty("state").GetString()));
        Assert.Equal(Encoding.UTF8.GetBytes("{\"ü\":\n"), lines[0].GetProperty("value").GetBytesFromBase64());
        Assert.Equal(SomeHeaders, lines[0].GetProperty("headers").EnumerateArray().Select(header => header.GetProperty("key").GetString()));
        Assert.Equal([0xFF], lines[1].GetProperty("value").GetBytesFromBase64());
        Assert.False(lines[1].TryGetProperty("valueText", out _));
    }

    [Fact]
    public async Task Database_without_the_tables_is_told_in_a_sentence()
    {
        await _run.ExecuteAsync("DROP SCHEMA pipeline CASCADE");

        var failure = await Assert.ThrowsAsync<OperationsException>(() => Desk.ListAsync(new DeadLetterFilter(), Cancelled));

        Assert.Contains("start the pipeline", failure.Message);
        Assert.False(failure.IsTransient);
    }
}
