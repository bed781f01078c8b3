using Millrace.Testing;

namespace Millrace.Operations.Tests.Parking;

public sealed class ParkedUsersTests(PostgresFixture postgres, BrokerFixture broker) : IAsyncLifetime
{
    private OperationsRun _run = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _run = await OperationsRun.CreateAsync(postgres, broker);
        await _run.ParkAsync(0, "ann", 10, 12, 15);
        await _run.ParkAsync(1, "bob", 3);
        await _run.ExecuteAsync("UPDATE pipeline.parked_users SET parked_at = parked_at - interval '1 hour' WHERE user_id = 'bob'");
    }

    public ValueTask DisposeAsync() => _run?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task List_gives_the_longest_waiting_first_with_how_much_waits()
    {
        var users = await _run.Services.ParkedUsers.ListAsync(10, Cancelled);

        Assert.Equal([("bob", 1, 1L), ("ann", 0, 3L)], users.Select(user => (user.UserId, user.Partition, user.Waiting)));
        Assert.Equal(("rejected_by_database", "23514: no", 2), (users[0].Reason, users[0].Detail, users[0].Attempts));
        Assert.True(users[0].NextAttemptAt > users[0].ParkedAt);
        Assert.Equal("bob", Assert.Single(await _run.Services.ParkedUsers.ListAsync(1, Cancelled)).UserId);
    }

    [Fact]
    public async Task Show_gives_what_waits_in_order()
    {
        var queue = Assert.Single(await _run.Services.ParkedUsers.ShowAsync("ann", Cancelled));

        Assert.Equal([10, 12, 15], queue.Events.Select(waiting => waiting.Offset));
        Assert.Empty(await _run.Services.ParkedUsers.ShowAsync("nobody", Cancelled));
    }

    [Fact]
    public async Task Retry_now_makes_the_user_due_and_is_noted()
    {
        Assert.True(await _run.Services.ParkedUsers.RetryNowAsync("ann", "me", Cancelled));
        Assert.False(await _run.Services.ParkedUsers.RetryNowAsync("nobody", "me", Cancelled));

        Assert.Equal("ann", await _run.ScalarAsync<string>("SELECT string_agg(user_id, ',') FROM pipeline.parked_users WHERE next_attempt_at <= now()"));
        Assert.Equal("me parked.retry ann due now", await _run.ScalarAsync<string>(
            "SELECT concat_ws(' ', actor, action, target, outcome) FROM pipeline.operations WHERE target = 'ann'"));
    }
}
