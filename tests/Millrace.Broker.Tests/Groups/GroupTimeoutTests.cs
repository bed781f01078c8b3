using Millrace.Broker.Groups;
using Millrace.Protocol;

namespace Millrace.Broker.Tests.Groups;

/// <summary>What becomes of members that are silent or do not come.</summary>
public sealed class GroupTimeoutTests : GroupTestBase
{
    [Fact]
    public async Task Silent_member_is_dropped_after_its_session_and_heartbeats_prevent_it()
    {
        var member = await JoinAndSyncAloneAsync();
        _time.Advance(Session - TimeSpan.FromSeconds(1));
        Assert.Equal(ErrorCode.None, _group.Heartbeat(member, null, 1));
        _time.Advance(Session - TimeSpan.FromSeconds(1));
        Assert.Equal(GroupState.Stable, _group.State);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(GroupState.Empty, _group.State);
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Heartbeat(member, null, 1));
    }

    [Fact]
    public async Task Pending_member_that_does_not_come_back_is_forgotten()
    {
        var leader = await JoinAndSyncAloneAsync();
        var pending = await _group.JoinAsync(Join(""));
        Assert.Equal(ErrorCode.MemberIdRequired, pending.Error);

        // A rebalance waits for it, but not for ever.
        var rejoined = _group.JoinAsync(Join(leader));
        Assert.False(rejoined.IsCompleted);
        _time.Advance(Session);
        Assert.Equal(2, (await rejoined).Generation);
        Assert.Equal(ErrorCode.UnknownMemberId, (await _group.JoinAsync(Join(pending.MemberId))).Error);
    }

    [Fact]
    public async Task Member_that_does_not_rejoin_is_dropped_at_the_rebalance_timeout()
    {
        var (leader, follower) = await JoinTwoAsync();
        await SyncBothAsync(leader, follower);
        var rejoined = _group.JoinAsync(Join(leader));

        // The follower is alive but does not rejoin.
        for (var elapsed = TimeSpan.Zero; elapsed < Rebalance; elapsed += TimeSpan.FromSeconds(5))
        {
            Assert.False(rejoined.IsCompleted);
            Assert.Equal(ErrorCode.RebalanceInProgress, _group.Heartbeat(follower, null, 2));
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        var joined = await rejoined;
        Assert.Equal([leader], joined.Members.Select(m => m.Id));
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Heartbeat(follower, null, 3));
    }

    [Fact]
    public async Task Member_that_never_syncs_is_dropped_and_the_others_rebalance()
    {
        var (leader, follower) = await JoinTwoAsync();
        var parked = _group.SyncAsync(new SyncInput(follower, null, 2));
        for (var elapsed = TimeSpan.Zero; elapsed < Rebalance; elapsed += TimeSpan.FromSeconds(5))
        {
            _group.Heartbeat(leader, null, 2);
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(ErrorCode.RebalanceInProgress, (await parked).Error);
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Heartbeat(leader, null, 2));
        Assert.Equal(follower, (await _group.JoinAsync(Join(follower))).Leader);
    }

    [Fact]
    public async Task New_members_parked_join_expires_when_nobody_else_comes()
    {
        var (leader, follower) = await JoinTwoAsync();
        await SyncBothAsync(leader, follower);
        var third = _group.JoinAsync(Join("") with { MustKnowItsId = false, RebalanceTimeout = TimeSpan.FromMinutes(20) });
        for (var elapsed = TimeSpan.Zero; elapsed < TimeSpan.FromMinutes(5); elapsed += TimeSpan.FromSeconds(5))
        {
            Assert.False(third.IsCompleted);
            _group.Heartbeat(leader, null, 2);
            _group.Heartbeat(follower, null, 2);
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(ErrorCode.UnknownMemberId, (await third).Error);
    }
}
