using Microsoft.Extensions.Time.Testing;
using Millrace.Broker.Tests.Apis;
using Millrace.Protocol;
using Millrace.Testing;

namespace Millrace.Broker.Tests.Groups;

public sealed class OffsetExpiryTests
{
    [Fact]
    public async Task Offsets_of_a_group_that_is_long_empty_go_and_fresh_ones_stay()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var broker = await TestBroker.StartAsync(o => (o.TimeProvider, o.OffsetsRetention) = (time, TimeSpan.FromDays(7)));
        using (var client = await broker.ConnectAsync())
        {
            await client.CreateTopicAsync("t");
            Assert.Equal(ErrorCode.None, await GroupApisTests.CommitAsync(client, "old", "t", 1));
        }

        for (var day = 1; day <= 7; day++)
        {
            using var client = await broker.ConnectAsync();
            Assert.Equal(ErrorCode.None, await GroupApisTests.CommitAsync(client, "fresh", "t", day));
            time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(1, await CommittedOnNewConnectionAsync("old"));
        time.Advance(TimeSpan.FromHours(2));
        await Eventually.EqualAsync(-1, () => CommittedOnNewConnectionAsync("old"), "the old group's offset is gone");
        Assert.Equal(7, await CommittedOnNewConnectionAsync("fresh"));

        async Task<long> CommittedOnNewConnectionAsync(string group)
        {
            using var other = await broker.ConnectAsync();
            return await GroupApisTests.CommittedAsync(other, group, "t");
        }
    }
}
