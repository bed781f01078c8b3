using Millrace.Broker.Groups;
using Millrace.Protocol;

namespace Millrace.Broker.Tests.Groups;

/// <summary>Members with a name of their own, which come back to their place.</summary>
public sealed class GroupStaticMemberTests : GroupTestBase
{
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
        Assert.Equal(ErrorCode.FencedInstanceId, _group.ValidateCommit(new Committer(first.MemberId, "i1", 1, IsTransactional: false, KnowsMemberEpochs: true)));
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
}
