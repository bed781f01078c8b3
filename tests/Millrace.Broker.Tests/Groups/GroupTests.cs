using System.Text;
using Microsoft.Extensions.Time.Testing;
using Millrace.Broker.Groups;
using Millrace.Protocol;

namespace Millrace.Broker.Tests.Groups;

/// <summary>The state machine alone, in fake time.</summary>
public sealed class GroupTests : IDisposable
{
    private static readonly TimeSpan Session = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Rebalance = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private Group _group;

    public GroupTests() => _group = NewGroup(TimeSpan.Zero);

    public void Dispose() => _group.Dispose();

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
    public async Task Sync_of_follower_waits_for_leader_and_gets_its_bytes()
    {
        var (leader, follower) = await JoinTwoAsync();
        var parked = _group.SyncAsync(new SyncInput(follower, null, 2));
        Assert.False(parked.IsCompleted);

        var leaders = await _group.SyncAsync(new SyncInput(leader, null, 2)
        {
            Assignments = new Dictionary<string, byte[]> { [follower] = [1, 2, 3] },
        });
        Assert.Equal([1, 2, 3], (await parked).Assignment);
        Assert.Empty(leaders.Assignment);
        Assert.Equal(GroupState.Stable, _group.State);
        Assert.Equal([1, 2, 3], (await _group.SyncAsync(new SyncInput(follower, null, 2))).Assignment);
    }

    [Fact]
    public async Task Sync_with_wrong_coordinates_is_refused()
    {
        var member = await JoinAndSyncAloneAsync();
        Assert.Equal(ErrorCode.UnknownMemberId, (await _group.SyncAsync(new SyncInput("nobody", null, 1))).Error);
        Assert.Equal(ErrorCode.IllegalGeneration, (await _group.SyncAsync(new SyncInput(member, null, 7))).Error);
        Assert.Equal(
            ErrorCode.InconsistentGroupProtocol,
            (await _group.SyncAsync(new SyncInput(member, null, 1) { ProtocolName = "roundrobin" })).Error);
        Assert.Equal(
            ErrorCode.InconsistentGroupProtocol,
            (await _group.SyncAsync(new SyncInput(member, null, 1) { ProtocolType = "connect" })).Error);
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
    public async Task Commit_counts_as_heartbeat()
    {
        var member = await JoinAndSyncAloneAsync();
        _time.Advance(Session - TimeSpan.FromSeconds(1));
        Assert.Equal(ErrorCode.None, _group.ValidateCommit(member, null, 1, isTransactional: false));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(GroupState.Stable, _group.State);
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

    [Fact]
    public async Task Leaving_member_makes_the_others_rebalance_and_the_last_one_empties_the_group()
    {
        var (leader, follower) = await JoinTwoAsync();
        await SyncBothAsync(leader, follower);
        Assert.Equal(ErrorCode.None, _group.Leave(new LeavingMember(leader, null)));
        Assert.Equal(ErrorCode.RebalanceInProgress, _group.Heartbeat(follower, null, 2));

        var joined = await _group.JoinAsync(Join(follower));
        Assert.Equal((3, follower), (joined.Generation, joined.Leader));
        Assert.Equal(ErrorCode.None, _group.Leave(new LeavingMember(follower, null)));
        Assert.Equal(GroupState.Empty, _group.State);
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Leave(new LeavingMember(follower, null)));
        Assert.True(_group.TryRetire());
    }

    [Fact]
    public async Task Pending_id_that_leaves_does_not_disturb_a_stable_group()
    {
        var leader = await JoinAndSyncAloneAsync();
        var pending = await _group.JoinAsync(Join(""));
        Assert.Equal(ErrorCode.None, _group.Leave(new LeavingMember(pending.MemberId, null)));
        Assert.Equal(GroupState.Stable, _group.State);
        Assert.Equal(ErrorCode.None, _group.Heartbeat(leader, null, 1));
    }

    [Fact]
    public async Task Static_member_that_returns_takes_its_place_without_a_rebalance()
    {
        var first = await _group.JoinAsync(Join("") with { InstanceId = "i1" });
        await _group.SyncAsync(new SyncInput(first.MemberId, "i1", 1)
        {
            Assignments = new Dictionary<string, byte[]> { [first.MemberId] = [9] },
        });

        var returned = await _group.JoinAsync(Join("") with { InstanceId = "i1", CanSkipAssignment = true });
        Assert.Equal((ErrorCode.None, 1, true), (returned.Error, returned.Generation, returned.SkipAssignment));
        Assert.NotEqual(first.MemberId, returned.MemberId);
        Assert.Equal(returned.MemberId, returned.Leader);
        Assert.Equal(GroupState.Stable, _group.State);
        Assert.Equal([9], (await _group.SyncAsync(new SyncInput(returned.MemberId, "i1", 1))).Assignment);

        // The one that it replaced is fenced.
        Assert.Equal(ErrorCode.FencedInstanceId, _group.Heartbeat(first.MemberId, "i1", 1));
        Assert.Equal(ErrorCode.FencedInstanceId, _group.ValidateCommit(first.MemberId, "i1", 1, isTransactional: false));
    }

    [Fact]
    public async Task Static_leader_of_old_version_that_returns_is_not_told_that_it_leads()
    {
        var first = await _group.JoinAsync(Join("") with { InstanceId = "i1" });
        await _group.SyncAsync(new SyncInput(first.MemberId, "i1", 1));
        var returned = await _group.JoinAsync(Join("") with { InstanceId = "i1" });
        Assert.Equal(first.MemberId, returned.Leader);
        Assert.Empty(returned.Members);
    }

    [Fact]
    public async Task Static_member_that_returns_with_another_offer_in_completing_makes_a_rebalance()
    {
        var first = await _group.JoinAsync(Join("") with { InstanceId = "i1" });
        var parked = _group.SyncAsync(new SyncInput(first.MemberId, "i1", 99));
        Assert.Equal(ErrorCode.IllegalGeneration, (await parked).Error);
        var returned = await _group.JoinAsync(Join("") with { InstanceId = "i1" });
        Assert.Equal(2, returned.Generation);
    }

    [Fact]
    public async Task Static_member_stays_through_a_rebalance_that_it_misses_until_its_session_ends()
    {
        var fixedMember = await _group.JoinAsync(Join("") with { InstanceId = "i1", SessionTimeout = TimeSpan.FromMinutes(5) });
        await _group.SyncAsync(new SyncInput(fixedMember.MemberId, "i1", 1));
        var second = _group.JoinAsync(Join("") with { MustKnowItsId = false });
        _time.Advance(Rebalance);
        var joined = await second;
        Assert.Equal(2, joined.Members.Count);

        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Heartbeat(fixedMember.MemberId, "i1", 2));
    }

    [Fact]
    public async Task Administrator_removes_static_member_by_its_instance_id()
    {
        var member = await _group.JoinAsync(Join("") with { InstanceId = "i1" });
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Leave(new LeavingMember("", "i2")));
        Assert.Equal(ErrorCode.FencedInstanceId, _group.Leave(new LeavingMember("other", "i1")));
        Assert.Equal(ErrorCode.None, _group.Leave(new LeavingMember("", "i1")));
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Heartbeat(member.MemberId, "i1", 1));
    }

    [Fact]
    public async Task Commit_is_checked_against_the_group()
    {
        Assert.Equal(ErrorCode.None, _group.ValidateCommit("", null, -1, isTransactional: false));
        var joined = await _group.JoinAsync(Join("") with { MustKnowItsId = false });
        Assert.Equal(ErrorCode.RebalanceInProgress, _group.ValidateCommit(joined.MemberId, null, 1, isTransactional: false));
        await _group.SyncAsync(new SyncInput(joined.MemberId, null, 1));
        Assert.Equal(ErrorCode.None, _group.ValidateCommit(joined.MemberId, null, 1, isTransactional: false));
        Assert.Equal(ErrorCode.IllegalGeneration, _group.ValidateCommit(joined.MemberId, null, 0, isTransactional: false));
        Assert.Equal(ErrorCode.UnknownMemberId, _group.ValidateCommit("nobody", null, 1, isTransactional: false));
        Assert.Equal(ErrorCode.UnknownMemberId, _group.ValidateCommit("", null, -1, isTransactional: false));
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

    [Fact]
    public async Task Dispose_answers_who_waits()
    {
        var (_, follower) = await JoinTwoAsync();
        var parked = _group.SyncAsync(new SyncInput(follower, null, 2));
        _group.Dispose();
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, (await parked).Error);
    }

    private Group NewGroup(TimeSpan initialDelay) => new(
        "g",
        new GroupLimits
        {
            MinSessionTimeout = TimeSpan.FromSeconds(6),
            MaxSessionTimeout = TimeSpan.FromMinutes(30),
            InitialRebalanceDelay = initialDelay,
            MaxMembers = 3,
        },
        _time);

    private static JoinInput Join(string memberId, string metadata = "m") => new()
    {
        MemberId = memberId,
        InstanceId = null,
        ClientId = "client",
        ClientHost = "/127.0.0.1",
        SessionTimeout = Session,
        RebalanceTimeout = Rebalance,
        ProtocolType = "consumer",
        Protocols = [new GroupProtocol("range", Encoding.UTF8.GetBytes(metadata))],
        MustKnowItsId = true,
        CanSkipAssignment = false,
    };

    private Task<JoinResult> JoinNew() => _group.JoinAsync(Join("") with { MustKnowItsId = false });

    private async Task<string> JoinAndSyncAloneAsync()
    {
        var joined = await JoinNew();
        await _group.SyncAsync(new SyncInput(joined.MemberId, null, joined.Generation));
        Assert.Equal(GroupState.Stable, _group.State);
        return joined.MemberId;
    }

    private async Task<(string Leader, string Follower)> JoinTwoAsync()
    {
        var leader = await JoinAndSyncAloneAsync();
        var second = JoinNew();
        await _group.JoinAsync(Join(leader));
        return (leader, (await second).MemberId);
    }

    private async Task SyncBothAsync(string leader, string follower)
    {
        var parked = _group.SyncAsync(new SyncInput(follower, null, 2));
        await _group.SyncAsync(new SyncInput(leader, null, 2));
        await parked;
    }
}
