using Microsoft.Extensions.Logging;
using Millrace.Testing;

namespace Millrace.Pipeline.Tests;

/// <summary>A broker that comes back and does not know its members: the partitions are lost, not revoked.</summary>
public sealed class BrokerRestartTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly EmbeddedBrokerFixture _broker = new();
    private PipelineRun _run = null!;

    public async ValueTask InitializeAsync() => _run = await PipelineRun.CreateAsync(_broker, postgres);

    public async ValueTask DisposeAsync()
    {
        if (_run is not null)
            await _run.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Partitions_that_are_lost_are_taken_over_again_and_nothing_is_lost_or_doubled()
    {
        await using var pipeline = await _run.StartAsync();
        var ids = await _run.SendAsync(2000);
        await _run.EventuallyCountAsync(2000, "events");

        await _broker.RestartAsync();
        ids.UnionWith(await _run.SendAsync(2000));

        await _run.EventuallyCountAsync(4000, "events");
        await Eventually.TrueAsync(() => _run.Log.Has(LogLevel.Warning, "taken away without notice"), "the loss is told");
        await _run.ShouldHoldExactlyAsync(ids);
        await Eventually.TrueAsync(() => pipeline.GetStatus() is { IsReady: true, Lag: 0 }, "all is well again");
        Assert.Equal(2, await _run.Database.ScalarAsync<long>("SELECT min(epoch) FROM pipeline.consumer_positions"));
    }
}
