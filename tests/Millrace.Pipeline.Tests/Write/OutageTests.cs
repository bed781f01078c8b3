using Millrace.Testing;
using Npgsql;

namespace Millrace.Pipeline.Tests.Write;

/// <summary>
/// Everything that PostgreSQL may refuse for a reason that is not the data: the lane waits, says why, keeps the order, and drains when it is over.
/// </summary>
public sealed class OutageTests(PostgresFixture postgres) : IAsyncLifetime
{
    private PipelineDatabase _database = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await PipelineDatabase.CreateAsync(postgres);

    public ValueTask DisposeAsync() => _database?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData("25006", "read-only transaction")]
    [InlineData("53100", "disk full")]
    [InlineData("53200", "out of memory")]
    [InlineData("53300", "too many connections")]
    [InlineData("40P01", "deadlock")]
    [InlineData("40001", "serialization failure")]
    [InlineData("55P03", "lock not available")]
    [InlineData("57P01", "admin shutdown")]
    [InlineData("58030", "I/O error")]
    [InlineData("XX000", "internal error")]
    public async Task Error_that_is_not_about_the_data_is_waited_out(string sqlState, string what)
    {
        await _database.ExecuteAsync(
            $$"""
            CREATE TABLE trouble AS SELECT true AS now;
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (SELECT FROM trouble) THEN
                    RAISE EXCEPTION '{{what}}' USING ERRCODE = '{{sqlState}}';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER fail BEFORE INSERT ON pipeline.events FOR EACH ROW EXECUTE FUNCTION fail();
            """);

        await ShouldWaitAndDrainAsync(_database.Source, _ => Task.CompletedTask, what, () => _database.ExecuteAsync("DELETE FROM trouble"));
    }

    [Fact]
    public async Task Database_that_becomes_read_only_is_waited_out_by_sessions_that_began_while_it_was()
    {
        var name = new NpgsqlConnectionStringBuilder(_database.ConnectionString).Database;

        await ShouldWaitAndDrainAsync(
            _database.Source,
            async _ =>
            {
                await _database.ExecuteAsync($"ALTER DATABASE {name} SET default_transaction_read_only = on");
                await TerminateAsync("datname = current_database()");
            },
            "read-only transaction",
            async () =>
            {
                var settings = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Options = "-c default_transaction_read_only=off" };
                await using var connection = new NpgsqlConnection(settings.ConnectionString);
                await connection.OpenAsync(Cancelled);
                await ExecuteAsync(connection, $"ALTER DATABASE {name} RESET default_transaction_read_only");
            });
    }

    [Fact]
    public async Task Server_that_takes_no_more_connections_is_waited_for()
    {
        var role = $"limited_{Guid.NewGuid():N}";
        await _database.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN PASSWORD 'secret'; GRANT ALL ON SCHEMA pipeline TO {role}; GRANT ALL ON ALL TABLES IN SCHEMA pipeline TO {role}");
        try
        {
            await using var limited = Database.Open(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Username = role, Password = "secret" }.ConnectionString);

            await ShouldWaitAndDrainAsync(
                limited,
                async _ =>
                {
                    await _database.ExecuteAsync($"ALTER ROLE {role} CONNECTION LIMIT 0");
                    await TerminateAsync($"usename = '{role}'");
                },
                "too many connections",
                () => _database.ExecuteAsync($"ALTER ROLE {role} CONNECTION LIMIT -1"));
        }
        finally
        {
            await TerminateAsync($"usename = '{role}'");
            await _database.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task Deadlock_with_another_session_is_tried_again()
    {
        await using var other = await _database.Source.OpenConnectionAsync(Cancelled);
        await using var work = await other.BeginTransactionAsync(Cancelled);
        await ExecuteAsync(other, "SET LOCAL deadlock_timeout = '1h'; LOCK TABLE pipeline.ledger IN SHARE MODE");
        await using var lane = await LaneRun.StartAsync(_database, _ => { });
        lane.Post(":0", ":1");
        await Eventually.TrueAsync(
            async () => await _database.ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'pipeline.ledger'::regclass") == 1,
            "the lane waits for the ledger");

        // The lane holds events and wants the ledger; now the other holds the ledger and wants events. The lane's session breaks it up.
        await ExecuteAsync(other, "LOCK TABLE pipeline.events");
        await Eventually.TrueAsync(() => lane.Trouble?.Contains("deadlock", StringComparison.Ordinal) == true, "the deadlock shows");
        await work.CommitAsync(Cancelled);

        await lane.CommittedAsync();
        Assert.Equal(2, await _database.CountAsync("events"));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private async Task ShouldWaitAndDrainAsync(NpgsqlDataSource source, Func<LaneRun, Task> begin, string reason, Func<Task> end)
    {
        await using var lane = await LaneRun.StartAsync(_database, source, _ => { });
        await begin(lane);
        lane.Post("a:0", "no json", "b:1");
        await Eventually.TrueAsync(() => lane.Trouble?.Contains(reason, StringComparison.Ordinal) == true, $"the trouble shows, last seen: {lane.Trouble}");
        lane.Post("a:2", "b:3");

        await end();

        await lane.CommittedAsync();
        Assert.Null(lane.Trouble);
        Assert.Equal("a0 b1 a2 b3", await _database.ScalarAsync<string>(
            "SELECT string_agg(user_id || (payload ->> 'n'), ' ' ORDER BY created_at, kafka_offset) FROM pipeline.events"));
        Assert.Equal("4 0 1 0", await _database.ScalarAsync<string>(
            "SELECT concat_ws(' ', sum(inserted), sum(duplicates), sum(dead), sum(parked)) FROM pipeline.ledger"));
        Assert.Equal(1, await _database.CountAsync("dead_letters"));
    }

    private Task TerminateAsync(string which) => _database.ExecuteAsync(
        $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {which} AND pid <> pg_backend_pid()");
}
