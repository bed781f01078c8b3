using Confluent.Kafka.Admin;
using Millrace.Testing;
using static Millrace.Conformance.Tests.Clients.ConfluentSteps;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>A member of a group, of whatever client, until it is disposed.</summary>
internal interface IGroupMember : IAsyncDisposable
{
    /// <summary>Partitions.</summary>
    int Owned { get; }

    /// <summary>Partitions that were taken from it, each time.</summary>
    int Lost { get; }
}

/// <summary>What members of groups do, whichever client they are of.</summary>
/// <param name="limit">For the members to own what they should.</param>
internal sealed class GroupSteps(TimeSpan limit)
{
    /// <param name="join">Makes a static member of that name, which keeps its place for longer than any pause of a busy machine, so that being back in time depends on none.</param>
    public async Task<string> StaticMemberAsync(string bootstrap, string topic, Func<string, IGroupMember> join)
    {
        await CreateAsync(bootstrap, new TopicSpecification { Name = topic, NumPartitions = 4 });
        await using var stays = join("stays");
        int lostBefore;
        await using (var leaves = join("leaves"))
        {
            await SettleAsync([stays, leaves], "2+2");
            lostBefore = stays.Lost;
        }

        await using var back = join("leaves");
        var shares = await SettleAsync([stays, back], "2+2");
        // An eager member gives up all before it takes part in a rebalance, and nobody gets anything before all took part.
        return $"{shares}, {(stays.Lost == lostBefore ? "no rebalance" : "a rebalance")}";
    }

    public async Task<string> CooperativeAsync(string bootstrap, string topic, Func<IGroupMember> join)
    {
        await CreateAsync(bootstrap, new TopicSpecification { Name = topic, NumPartitions = 3 });
        await using var first = join();
        var alone = await SettleAsync([first], "3");
        await using var second = join();
        var both = await SettleAsync([first, second], "1+2");
        return $"{alone}, {both}, {first.Lost} moved";
    }

    /// <summary>Waits until the members own that many partitions each, the fewest first.</summary>
    public async Task<string> SettleAsync(IReadOnlyList<IGroupMember> members, string wanted)
    {
        string Shares() => string.Join('+', members.Select(member => member.Owned).Order());
        await Eventually.TrueAsync(() => Shares() == wanted, $"the members own {wanted}", limit);
        return Shares();
    }
}
