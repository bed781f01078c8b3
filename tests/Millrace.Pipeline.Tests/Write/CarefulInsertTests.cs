using Millrace.Pipeline.Parking;
using Millrace.Pipeline.Write;
using Millrace.Testing;

namespace Millrace.Pipeline.Tests.Write;

/// <summary>What it costs to find the rows that the server does not take.</summary>
public sealed class CarefulInsertTests(PostgresFixture postgres) : IAsyncLifetime
{
    private PipelineDatabase _database = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await PipelineDatabase.CreateAsync(postgres);

    public ValueTask DisposeAsync() => _database?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4_999)]
    [InlineData(6_666)]
    [InlineData(9_999)]
    public async Task One_row_in_ten_thousand_that_copy_does_not_take_costs_at_most_two_smaller_copies_for_each_halving(int bad)
    {
        await _database.ExecuteAsync("ALTER TABLE pipeline.events ALTER COLUMN event_type TYPE varchar(4)");

        var careful = await InsertAsync(10_000, bad);

        Assert.InRange(careful.Copies - 1, 1, (int)(2 * Math.Log2(10_000)));
        Assert.Equal(bad, Assert.Single(careful.Rejected).Index);
        Assert.StartsWith("22001: ", careful.Rejected[0].Detail);
        Assert.Equal(9_999, careful.Inserted);
        Assert.Equal(0, careful.Duplicates);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    [InlineData(6_666)]
    [InlineData(9_999)]
    public async Task Rows_that_a_rule_of_the_table_refuses_cost_no_further_copy(int bad)
    {
        await _database.ExecuteAsync("ALTER TABLE pipeline.events ADD CHECK (event_type <> 'rejected')");

        var careful = await InsertAsync(10_000, bad, 77, 78, 5_000);

        Assert.Equal(1, careful.Copies);
        Assert.Equal(new[] { bad, 77, 78, 5_000 }.Order(), careful.Rejected.Select(letter => letter.Index));
        Assert.Equal(9_996, careful.Inserted);
        Assert.Equal(9_996, await _database.CountAsync("events"));
    }

    [Fact]
    public async Task Rule_that_is_checked_at_the_commit_finds_its_row_too()
    {
        await _database.ExecuteAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF NEW.event_type = 'rejected' THEN RAISE EXCEPTION 'refused' USING ERRCODE = '23514'; END IF; RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON pipeline.events DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse();
            """);
        await using var writer = _database.Writer(await _database.AcquireAsync());

        var result = await writer.FlushAsync(Batches.WithoutKeys(0, Types(100, 42)), Cancelled);

        Assert.Equal(new FlushResult(FlushOutcome.Committed, 99, 0, 1, 0) { SlowPath = true }, result);
    }

    private static IEnumerable<string> Types(int count, params int[] bad) =>
        Enumerable.Range(0, count).Select(i => Batches.Event(type: bad.Contains(i) ? "rejected" : "t"));

    private async Task<CarefulInsert> InsertAsync(int count, params int[] bad)
    {
        await using var connection = await _database.Source.OpenConnectionAsync(Cancelled);
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        var careful = new CarefulInsert(
            connection, transaction, Batches.WithoutKeys(0, Types(count, bad)), new ParkedUsers(new ParkingOptions(), TimeProvider.System));
        await careful.RunAsync(Cancelled);
        await transaction.CommitAsync(Cancelled);
        return careful;
    }
}
