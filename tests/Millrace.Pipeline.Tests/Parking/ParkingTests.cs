using Millrace.Pipeline.Parking;
using Millrace.Pipeline.Read;
using Millrace.Pipeline.Tests.Write;
using Millrace.Pipeline.Write;
using Millrace.Testing;

namespace Millrace.Pipeline.Tests.Parking;

/// <summary>Users whose event failed wait, in order, while everyone else flows.</summary>
public sealed class ParkingTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly SwitchedHook _hook = new();
    private PipelineDatabase _database = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await PipelineDatabase.CreateAsync(postgres);

    public ValueTask DisposeAsync() => _database?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task User_whose_hook_fails_waits_in_order_while_others_flow_and_is_released_when_it_succeeds()
    {
        _hook.Failing["a"] = true;
        await using var lane = await StartAsync(attempts: 1000);
        lane.Post("b:0", "a:1", "b:2", "a:3");
        await lane.CommittedAsync();
        lane.Post("a:4", "c:5");
        await lane.CommittedAsync();

        Assert.Equal("b0 b2 c5", await StoredAsync());
        Assert.Equal("a@1 a@3 a@4", await QueueAsync());
        Assert.Equal("3 3 0 0", await LedgerAsync());
        Assert.Equal("hook_failed|InvalidOperationException: no a today", await _database.ScalarAsync<string>("SELECT reason || '|' || detail FROM pipeline.parked_users"));
        Assert.Equal(3, lane.ParkedEvents);

        _hook.Failing.Clear();

        await ReleasedAsync("1 inserted,3 inserted,4 inserted");
        Assert.Equal("a1 a3 a4", await StoredAsync("a"));
        Assert.Equal(0, await _database.CountAsync("parked_users"));
        Assert.Equal(0, lane.ParkedEvents);
        lane.Post("a:6");
        await lane.CommittedAsync();
        Assert.Equal("a1 a3 a4 a6", await StoredAsync("a"));
        Assert.Equal(0, await _database.CountAsync("dead_letters"));
    }

    [Fact]
    public async Task Attempt_that_a_person_brings_forward_is_made_without_a_restart()
    {
        _hook.Failing["a"] = true;
        await using var lane = await LaneRun.StartAsync(_database, options =>
        {
            options.Hook = _hook;
            options.Parking.RetryDelays = [TimeSpan.FromHours(1)];
        });
        lane.Post("a:0", "b:1");
        await lane.CommittedAsync();
        _hook.Failing.Clear();

        await _database.ExecuteAsync("UPDATE pipeline.parked_users SET next_attempt_at = now() WHERE user_id = 'a'");

        await ReleasedAsync("0 inserted");
    }

    [Theory]
    [InlineData("23514")]
    [InlineData("P0001")]
    public async Task User_whose_row_a_rule_of_the_table_refuses_waits_and_its_later_rows_of_the_same_batch_queue_behind(string sqlState)
    {
        await RefuseAsync("a", sqlState);
        await using var lane = await StartAsync(attempts: 1000);
        lane.Post(Enumerable.Range(0, 40).Select(i => i % 10 == 3 ? $"a:{i}" : $"b:{i}"));
        await lane.CommittedAsync();

        Assert.Equal("a@3 a@13 a@23 a@33", await QueueAsync());
        Assert.Equal(36, await _database.CountAsync("events"));
        Assert.Equal("36 4 0 0", await LedgerAsync());
        Assert.StartsWith($"rejected_by_database|{sqlState}: ", await _database.ScalarAsync<string>("SELECT reason || '|' || detail FROM pipeline.parked_users"));

        await _database.ExecuteAsync("DELETE FROM refused");

        await ReleasedAsync("3 inserted,13 inserted,23 inserted,33 inserted");
        Assert.Equal("a3 a13 a23 a33", await StoredAsync("a"));
    }

    [Fact]
    public async Task Row_that_is_refused_as_data_is_a_dead_letter_at_once_and_parks_nobody()
    {
        await RefuseAsync("a", "22023");
        await using var lane = await StartAsync(attempts: 2);
        lane.Post("a:0", "b:1", "a:2");
        await lane.CommittedAsync();

        Assert.Equal("0 rejected_by_database,2 rejected_by_database", await DeadAsync());
        Assert.Equal(0, await _database.CountAsync("parked_users"));
    }

    [Fact]
    public async Task Event_that_fails_as_often_as_it_is_tried_becomes_a_dead_letter_and_its_queue_goes_on()
    {
        await _database.ExecuteAsync("ALTER TABLE pipeline.events ADD CHECK (payload ->> 'n' <> '1')");
        await using var lane = await StartAsync(attempts: 3);
        lane.Post("a:0", "a:1", "a:2", "a:3", "b:4");
        await lane.CommittedAsync();
        Assert.Equal("a0 b4", await StoredAsync());

        await ReleasedAsync("1 dead,2 inserted,3 inserted");

        Assert.Equal("a0 a2 a3", await StoredAsync("a"));
        Assert.Equal("1 retries_exhausted", await DeadAsync());
        Assert.StartsWith("After 3 attempts: 23514: ", await _database.ScalarAsync<string>("SELECT detail FROM pipeline.dead_letters"));
        Assert.Equal(0, await _database.CountAsync("parked_users"));
    }

    [Fact]
    public async Task Each_event_that_comes_to_the_head_of_the_queue_has_its_own_attempts()
    {
        _hook.Failing["a"] = true;
        await using var lane = await StartAsync(attempts: 2);
        lane.Post("a:0", "a:1", "a:2");

        await ReleasedAsync("0 dead,1 dead,2 dead");

        Assert.Equal("a@0 a@0 a@1 a@1 a@2 a@2", string.Join(' ', _hook.Seen));
    }

    [Fact]
    public async Task Commits_that_write_dead_letters_are_told_those_of_releases_too()
    {
        var told = 0;
        await using var lane = await StartAsync(attempts: 2, options => options.DeadLettersWritten = () => Interlocked.Increment(ref told));

        lane.Post("b:0");
        await lane.CommittedAsync();
        lane.Post("no json", "b:2");
        await Eventually.TrueAsync(() => Volatile.Read(ref told) == 1, "the flush with a dead letter is told, the one without is not");

        _hook.Failing["a"] = true;
        lane.Post("a:3");
        await ReleasedAsync("3 dead");
        await Eventually.TrueAsync(() => Volatile.Read(ref told) == 2, "the release is told");
    }

    [Fact]
    public async Task Event_of_nobody_has_no_order_to_keep_and_becomes_a_dead_letter_at_once()
    {
        _hook.Failing[""] = true;
        await RefuseAsync("a", "23514");
        await using var lane = await StartAsync(attempts: 2);
        lane.Post(":0", "b:1");
        await lane.CommittedAsync();

        Assert.Equal("0 hook_failed", await DeadAsync());
        Assert.Equal("1 0 1 0", await LedgerAsync());
        Assert.Equal("b1", await StoredAsync());
    }

    [Fact]
    public async Task What_goes_over_the_limits_becomes_a_dead_letter_and_the_queue_keeps_its_order()
    {
        _hook.Failing["a"] = _hook.Failing["b"] = _hook.Failing["c"] = true;
        await using var lane = await StartAsync(attempts: 1000, options => (options.Parking.MaxEventsPerUser, options.Parking.MaxEvents) = (2, 3));
        lane.Post("a:0", "a:1", "a:2", "b:3", "c:4", "b:5", "d:6");
        await lane.CommittedAsync();

        Assert.Equal("a@0 a@1 b@3", await QueueAsync());
        Assert.Equal("2 parking_full,4 parking_full,5 parking_full", await DeadAsync());
        Assert.Equal("1 3 3 0", await LedgerAsync());

        _hook.Failing.Clear();
        await ReleasedAsync("0 inserted,1 inserted,3 inserted");
        lane.Post("c:7", "a:8");
        await lane.CommittedAsync();
        Assert.Equal("d6 a0 a1 b3 c7 a8".Split(' ').Order(), (await StoredAsync()).Split(' ').Order());
    }

    [Fact]
    public async Task Long_queue_is_released_in_order_up_to_the_event_that_fails_and_goes_on_from_there()
    {
        _hook.Failing["a"] = true;
        await using var lane = await StartAsync(attempts: 1000);
        lane.Post(Enumerable.Range(0, 100).Select(i => $"a:{i}"));
        await lane.CommittedAsync();
        Assert.Equal(100, await _database.CountAsync("parked_events"));
        await _database.ExecuteAsync(
            "CREATE TABLE blocked (n text); INSERT INTO blocked VALUES ('70'); "
            + "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT FROM blocked WHERE n = NEW.payload ->> 'n') THEN RAISE EXCEPTION 'blocked'; END IF; RETURN NEW; END $$; "
            + "CREATE TRIGGER refuse BEFORE INSERT ON pipeline.events FOR EACH ROW EXECUTE FUNCTION refuse()");
        _hook.Failing.Clear();

        await Eventually.EqualAsync(70, () => _database.CountAsync("events"), "the events before the blocked one are stored");
        Assert.Equal(30, await _database.CountAsync("parked_events"));
        Assert.Equal("rejected_by_database P0001: blocked", await _database.ScalarAsync<string>("SELECT reason || ' ' || detail FROM pipeline.parked_users"));
        await _database.ExecuteAsync("DELETE FROM blocked");

        await ReleasedAsync(string.Join(',', Enumerable.Range(0, 100).Select(i => $"{i} inserted")));
        Assert.Equal(string.Join(' ', Enumerable.Range(0, 100).Select(i => $"a{i}")), await StoredAsync("a"));
    }

    [Fact]
    public async Task Event_whose_id_is_there_when_it_is_released_is_a_duplicate()
    {
        var id = Guid.CreateVersion7();
        _hook.Failing["a"] = true;
        await using var lane = await StartAsync(attempts: 1000);
        lane.Post($$"""{"eventType":"t","eventId":"{{id}}","userId":"a"}""", $$"""{"eventType":"t","eventId":"{{id}}","userId":"b"}""");
        await lane.CommittedAsync();
        _hook.Failing.Clear();

        await ReleasedAsync("0 duplicate");

        Assert.Equal(1, await _database.ScalarAsync<long>("SELECT kafka_offset FROM pipeline.events"));
    }

    [Fact]
    public async Task Next_owner_of_the_partition_knows_who_is_parked_and_releases_them()
    {
        _hook.Failing["a"] = true;
        await using (var first = await StartAsync(attempts: 1000))
        {
            first.Post("a:0", "b:1");
            await first.CommittedAsync();
        }

        await using var next = await StartAsync(attempts: 1000);
        next.Post("a:2", "b:3");
        await next.CommittedAsync();
        Assert.Equal("a@0 a@2", await QueueAsync());
        _hook.Failing.Clear();

        await ReleasedAsync("0 inserted,2 inserted");
        Assert.Equal("a0 a2", await StoredAsync("a"));
        Assert.Equal(2, await _database.ScalarAsync<long>("SELECT min(epoch) FROM pipeline.released_events"));
    }

    [Fact]
    public async Task Owner_that_was_fenced_releases_nothing()
    {
        _hook.Failing["a"] = true;
        await using var stalled = await StartAsync(attempts: 1000);
        stalled.Post("a:0");
        await stalled.CommittedAsync();
        await _database.AcquireAsync();
        _hook.Failing.Clear();

        await Eventually.TrueAsync(() => stalled.State == LaneState.Fenced, "the stalled owner notices");

        Assert.Equal(1, await _database.CountAsync("parked_events"));
        Assert.Equal(0, await _database.CountAsync("events"));
        Assert.Equal(0, await _database.CountAsync("released_events"));
    }

    [Fact]
    public async Task Outage_during_a_release_is_waited_out()
    {
        _hook.Failing["a"] = true;
        await using var lane = await StartAsync(attempts: 1000);
        lane.Post("a:0", "a:1");
        await lane.CommittedAsync();
        await _database.ExecuteAsync("ALTER TABLE pipeline.released_events RENAME TO hidden");
        _hook.Failing.Clear();
        await Eventually.TrueAsync(() => lane.Trouble is not null, "the outage shows");
        await _database.ExecuteAsync("ALTER TABLE pipeline.hidden RENAME TO released_events");

        await ReleasedAsync("0 inserted,1 inserted");
        Assert.Null(lane.Trouble);
    }

    [Fact]
    public async Task Whom_a_commit_parked_whose_answer_was_lost_is_known_all_the_same()
    {
        await RefuseAsync("a", "23514");
        var position = await _database.AcquireAsync();
        var records = Batches.Of(0, """{"eventType":"t","userId":"a"}""", """{"eventType":"t","userId":"b"}""");
        await using (var first = _database.Writer(position))
            await first.FlushAsync(records, Cancelled);
        var parked = new ParkedUsers(new ParkingOptions(), TimeProvider.System);
        await _database.ExecuteAsync("DELETE FROM refused");

        // The same writer's next attempt, which does not know of the first one, and which the rule would let pass now.
        await using var again = _database.Writer(position, parked);
        var result = await again.FlushAsync(records, Cancelled);

        Assert.Equal(new FlushResult(FlushOutcome.Committed, 1, 0, 0, 1), result);
        Assert.True(parked.Contains("a"u8));
        Assert.Equal(1, parked.Events);
    }

    [Fact]
    public async Task Hook_sees_each_good_event_in_the_order_of_its_partition()
    {
        await using var lane = await StartAsync(attempts: 2);
        lane.Post("a:0", "no json", "b:2", ":3", "a:4");
        await lane.CommittedAsync();

        Assert.Equal("a@0 b@2 @3 a@4", string.Join(' ', _hook.Seen));
    }

    private Task<LaneRun> StartAsync(int attempts, Action<PipelineOptions>? configure = null) => LaneRun.StartAsync(_database, options =>
    {
        LaneRun.Quickly(options, attempts);
        options.Hook = _hook;
        configure?.Invoke(options);
    });

    /// <summary>A trigger on events that refuses the users of a table, until they are deleted from it.</summary>
    private Task RefuseAsync(string user, string sqlState) => _database.ExecuteAsync(
        $$"""
        CREATE TABLE refused (user_id text);
        INSERT INTO refused VALUES ('{{user}}');
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT FROM refused WHERE user_id = NEW.user_id) THEN
                RAISE EXCEPTION '% is refused', NEW.user_id USING ERRCODE = '{{sqlState}}';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON pipeline.events FOR EACH ROW EXECUTE FUNCTION refuse();
        """);

    /// <summary>User and number of what is stored, in the order of the transactions that stored it and of the partition within each.</summary>
    private Task<string> StoredAsync(string? user = null) => _database.ScalarAsync<string>(
        $"SELECT coalesce(string_agg(user_id || (payload ->> 'n'), ' ' ORDER BY created_at, kafka_offset), '') FROM pipeline.events{(user is null ? "" : $" WHERE user_id = '{user}'")}");

    private Task<string> QueueAsync() => _database.ScalarAsync<string>(
        "SELECT string_agg(user_id || '@' || kafka_offset, ' ' ORDER BY user_id, kafka_offset) FROM pipeline.parked_events");

    private Task<string> DeadAsync() => _database.ScalarAsync<string>(
        "SELECT coalesce(string_agg(kafka_offset || ' ' || reason, ',' ORDER BY kafka_offset), '') FROM pipeline.dead_letters");

    private Task<string> LedgerAsync() => _database.ScalarAsync<string>(
        "SELECT concat_ws(' ', sum(inserted), sum(parked), sum(dead), sum(duplicates)) FROM pipeline.ledger");

    private Task ReleasedAsync(string expected) => Eventually.EqualAsync(
        expected,
        () => _database.ScalarAsync<string>("SELECT coalesce(string_agg(kafka_offset || ' ' || outcome, ',' ORDER BY kafka_offset), '') FROM pipeline.released_events"),
        "the parked events have ended");
}
