using Millrace.Broker.Groups;
using Millrace.Protocol;

namespace Millrace.Broker.Tests.Groups;

/// <summary>Members that leave, or are removed.</summary>
public sealed class GroupLeaveTests : GroupTestBase
{
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
    public async Task Administrator_removes_static_member_by_its_instance_id()
    {
        var member = await _group.JoinAsync(Join("") with { InstanceId = "i1" });
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Leave(new LeavingMember("", "i2")));
        Assert.Equal(ErrorCode.FencedInstanceId, _group.Leave(new LeavingMember("other", "i1")));
        Assert.Equal(ErrorCode.None, _group.Leave(new LeavingMember("", "i1")));
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Heartbeat(member.MemberId, "i1", 1));
    }
}
