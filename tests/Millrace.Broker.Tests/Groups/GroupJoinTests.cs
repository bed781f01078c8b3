using System.Text;
using Millrace.Broker.Groups;
using Millrace.Protocol;

namespace Millrace.Broker.Tests.Groups;

/// <summary>How members come together in a generation.</summary>
public sealed class GroupJoinTests : GroupTestBase
{
    [Fact]
    public async Task Join_of_new_member_is_told_its_id_first()
    {
        var first = await _group.JoinAsync(Join(""));
        Assert.Equal(ErrorCode.MemberIdRequired, first.Error);
        Assert.StartsWith("client-", first.MemberId);
        Assert.Equal(GroupState.Empty, _group.State);

        var second = await _group.JoinAsync(Join(first.MemberId));
        Assert.Equal(ErrorCode.None, second.Error);
        Assert.Equal(first.MemberId, second.MemberId);
        Assert.Equal(1, second.Generation);
        Assert.Equal(first.MemberId, second.Leader);
        Assert.Equal("range", second.ProtocolName);
        Assert.Single(second.Members);
    }

    [Fact]
    public async Task Join_of_old_client_needs_no_id()
    {
        var joined = await _group.JoinAsync(Join("") with { MustKnowItsId = false });
        Assert.Equal(ErrorCode.None, joined.Error);
        Assert.Equal(GroupState.CompletingRebalance, _group.State);
    }

    [Fact]
    public async Task Second_member_makes_first_rejoin_and_leader_alone_sees_the_members()
    {
        var leader = await JoinAndSyncAloneAsync();
        var second = JoinNew();
        Assert.False(second.IsCompleted);
        Assert.Equal(ErrorCode.RebalanceInProgress, _group.Heartbeat(leader, null, 1));

        var first = _group.JoinAsync(Join(leader));
        var (a, b) = (await first, await second);
        Assert.Equal(2, a.Generation);
        Assert.Equal(2, b.Generation);
        Assert.Equal(leader, b.Leader);
        Assert.Equal([leader, b.MemberId], a.Members.Select(m => m.Id).Order(StringComparer.Ordinal).OrderBy(id => id != leader));
        Assert.Empty(b.Members);
    }

    [Fact]
    public async Task Stable_follower_that_offers_the_same_gets_its_generation_again()
    {
        var (leader, follower) = await JoinTwoAsync();
        await SyncBothAsync(leader, follower);

        var again = await _group.JoinAsync(Join(follower));
        Assert.Equal(2, again.Generation);
        Assert.Equal(GroupState.Stable, _group.State);
    }

    [Fact]
    public async Task Stable_follower_that_offers_something_else_starts_a_rebalance()
    {
        // All that cooperative rebalancing needs: the second round is asked for with other owned partitions.
        var (leader, follower) = await JoinTwoAsync();
        await SyncBothAsync(leader, follower);

        var again = _group.JoinAsync(Join(follower, "other"));
        Assert.Equal(GroupState.PreparingRebalance, _group.State);
        var first = await _group.JoinAsync(Join(leader));
        Assert.Equal("other", Encoding.UTF8.GetString(first.Members.Single(m => m.Id == follower).Metadata));
        Assert.Equal(3, (await again).Generation);
    }

    [Fact]
    public async Task Stable_leader_that_joins_again_always_starts_a_rebalance()
    {
        var leader = await JoinAndSyncAloneAsync();
        Assert.Equal(2, (await _group.JoinAsync(Join(leader))).Generation);
    }

    [Fact]
    public async Task Join_with_other_protocol_type_or_nothing_in_common_is_refused()
    {
        var leader = await JoinAndSyncAloneAsync();
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, (await _group.JoinAsync(Join("") with { ProtocolType = "connect" })).Error);
        Assert.Equal(
            ErrorCode.InconsistentGroupProtocol,
            (await _group.JoinAsync(Join("") with { Protocols = [new GroupProtocol("sticky", [])] })).Error);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, (await _group.JoinAsync(Join("") with { Protocols = [] })).Error);
        Assert.Equal(ErrorCode.None, _group.Heartbeat(leader, null, 1));
    }

    [Fact]
    public async Task Protocol_is_the_one_that_all_support_and_most_prefer()
    {
        GroupProtocol[] Offer(params string[] names) => [.. names.Select(n => new GroupProtocol(n, []))];
        var first = (await _group.JoinAsync(Join("") with { MustKnowItsId = false, Protocols = Offer("a", "b", "c") })).MemberId;
        var second = _group.JoinAsync(Join("") with { MustKnowItsId = false, Protocols = Offer("c", "b") });
        var third = _group.JoinAsync(Join("") with { MustKnowItsId = false, Protocols = Offer("c", "b", "a") });
        var joined = await _group.JoinAsync(Join(first) with { Protocols = Offer("a", "b", "c") });
        Assert.Equal("c", joined.ProtocolName);
        Assert.Equal("c", (await second).ProtocolName);
        Assert.Equal("c", (await third).ProtocolName);
    }

    [Fact]
    public async Task Initial_delay_gathers_members_into_one_generation()
    {
        _group.Dispose();
        _group = NewGroup(TimeSpan.FromSeconds(3));
        var first = _group.JoinAsync(Join("") with { MustKnowItsId = false });
        _time.Advance(TimeSpan.FromSeconds(2));
        var second = _group.JoinAsync(Join("") with { MustKnowItsId = false });
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(first.IsCompleted, "a member came, so the delay begins again");
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal((1, 1), ((await first).Generation, (await second).Generation));
    }

    [Fact]
    public async Task Group_that_is_full_takes_nobody()
    {
        for (var i = 0; i < 3; i++)
            Assert.Equal(ErrorCode.MemberIdRequired, (await _group.JoinAsync(Join(""))).Error);
        Assert.Equal(ErrorCode.GroupMaxSizeReached, (await _group.JoinAsync(Join(""))).Error);
    }
}
