using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Millrace.Operations.Proof;
using Millrace.Testing;
using Npgsql;

namespace Millrace.Operations.Tests.Proof;

public sealed class LedgerCompactorTests(PostgresFixture postgres, BrokerFixture broker) : IAsyncLifetime
{
    private const string Hour = "date_trunc('hour', now()) - interval '10 days'";
    private OperationsRun _run = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _run = await OperationsRun.CreateAsync(postgres, broker);

    public ValueTask DisposeAsync() => _run?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Old_rows_of_an_hour_become_one_and_the_chain_stays_whole()
    {
        for (var i = 0; i < 10; i++)
            await _run.AddLedgerAsync(0, i * 10, (i + 1) * 10, inserted: 5, duplicates: 2, dead: 2, parked: 1, at: $"{Hour} + interval '{i * 10} minutes'", flushes: i == 0 ? 3 : 1);
        await _run.AddLedgerAsync(0, 100, 110, inserted: 10);
        await _run.AddLedgerAsync(0, 110, 120, inserted: 10);
        await _run.AddLedgerAsync(1, 0, 7, inserted: 7, at: Hour);
        await _run.AddLedgerAsync(1, 7, 9, inserted: 2, at: Hour);

        Assert.Equal(new CompactionResult(true, 12, 3), await CompactAsync());

        Assert.Equal(
            ["0: 0-60 30/12/12/6 x8", "0: 60-100 20/8/8/4 x4", "0: 100-110 10/0/0/0 x1", "0: 110-120 10/0/0/0 x1", "1: 0-9 9/0/0/0 x2"],
            await LedgerAsync());
        Assert.Equal(new CompactionResult(true, 0, 0), await CompactAsync());
    }

    [Fact]
    public async Task Nothing_is_merged_across_a_hole_or_with_what_was_given_up()
    {
        await _run.AddLedgerAsync(0, 0, 1, inserted: 1, at: Hour);
        await _run.AddLedgerAsync(0, 2, 3, inserted: 1, at: Hour);
        await _run.AddLedgerAsync(0, 3, 5, at: Hour, skipped: true);
        await _run.AddLedgerAsync(0, 5, 6, inserted: 1, at: Hour);

        Assert.Equal(new CompactionResult(true, 0, 0), await CompactAsync());
        Assert.Equal(4, await _run.CountAsync("ledger"));
    }

    [Fact]
    public async Task Process_that_is_at_it_is_not_disturbed()
    {
        await using var connection = await _run.Source.OpenConnectionAsync(Cancelled);
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        await using var command = new NpgsqlCommand("SELECT pg_advisory_xact_lock(x'6C6564676572'::bigint)", connection);
        await command.ExecuteNonQueryAsync(Cancelled);

        Assert.False((await CompactAsync()).Ran);
    }

    [Fact]
    public async Task Upkeep_compacts_a_minute_after_its_start_and_every_hour()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var upkeep = await LedgerUpkeep.StartAsync(_run.Settings, time, NullLoggerFactory.Instance, Cancelled);
        await AddTwoAsync(0);
        time.Advance(TimeSpan.FromMinutes(1));
        await _run.EventuallyCountAsync(1, "ledger");

        // A failure does not end it.
        await _run.ExecuteAsync("ALTER TABLE pipeline.ledger RENAME TO elsewhere");
        await AdvanceUntilAsync(time, "the failing attempt is over", () => Task.FromResult(true));
        await _run.ExecuteAsync("ALTER TABLE pipeline.elsewhere RENAME TO ledger");
        await AddTwoAsync(1);
        await AdvanceUntilAsync(time, "both partitions have one row", async () => await _run.CountAsync("ledger") == 2);
    }

    private static Task AdvanceUntilAsync(FakeTimeProvider time, string what, Func<Task<bool>> condition) => Eventually.TrueAsync(
        async () =>
        {
            time.Advance(TimeSpan.FromHours(1));
            return await condition();
        },
        what);

    private async Task AddTwoAsync(int partition)
    {
        await _run.AddLedgerAsync(partition, 0, 1, inserted: 1, at: Hour);
        await _run.AddLedgerAsync(partition, 1, 2, inserted: 1, at: Hour);
    }

    private Task<CompactionResult> CompactAsync() => _run.Services.Ledger.CompactAsync(LedgerCompactor.DefaultAge, Cancelled);

    private Task<string[]> LedgerAsync() => _run.ScalarAsync<string[]>(
        """
        SELECT array_agg(format('%s: %s-%s %s/%s/%s/%s x%s', partition, from_offset, to_offset, inserted, duplicates, dead, parked, flushes) ORDER BY partition, from_offset)
          FROM pipeline.ledger
        """);
}
