using Millrace.Broker.Groups;
using Millrace.Broker.Groups.Consumer;
using Millrace.Protocol;

namespace Millrace.Broker.Tests.Groups.Consumer;

/// <summary>Members that keep their place over a restart.</summary>
public sealed class ConsumerGroupStaticMemberTests : ConsumerGroupTestBase
{
    private Client JoinStatic(string member, string instance) => Join(Joining(member, "t") with { InstanceId = instance });

    [Fact]
    public void Static_member_that_comes_back_has_what_it_had_and_nobody_notices()
    {
        var (a, b) = (JoinStatic("a", "i"), JoinStatic("b", "j"));
        Settle(a, b);
        var had = a.Owned.ToHashSet();
        var epoch = _group.View().Epoch;
        Assert.Equal(-2, a.Leave(ConsumerHeartbeat.LeavesForAMoment).MemberEpoch);
        Assert.Null(b.Call().Assignment);

        var again = JoinStatic("c", "i");
        Assert.Equal(had, again.Owned);
        Assert.Equal(epoch, _group.View().Epoch);
        Settle(again, b);
        Assert.Equal(ErrorCode.FencedInstanceId, a.Call().Error);
    }

    [Fact]
    public void Instance_in_use_cannot_be_taken_and_is_free_after_its_session()
    {
        var a = JoinStatic("a", "i");
        Assert.Equal(ErrorCode.UnreleasedInstanceId, _group.Heartbeat(Joining("b", "t") with { InstanceId = "i" }).Error);
        Assert.Equal(ErrorCode.None, a.Call().Error);
        _time.Advance(Session);
        Assert.Equal(3, JoinStatic("b", "i").Owned.Count);
        Assert.Equal(ErrorCode.FencedInstanceId, a.Call().Error);
    }

    [Fact]
    public void Partitions_of_who_is_away_wait_until_its_session_ends()
    {
        var (a, b) = (JoinStatic("a", "i"), JoinStatic("b", "j"));
        Settle(a, b);
        a.Leave(ConsumerHeartbeat.LeavesForAMoment);
        _time.Advance(Session - TimeSpan.FromSeconds(1));
        Assert.Null(b.Call().Assignment);
        _time.Advance(TimeSpan.FromSeconds(1));
        b.Call();
        Assert.Equal(3, b.Owned.Count);
    }

    [Fact]
    public void Static_member_that_leaves_for_good_is_gone_and_others_cannot_make_it()
    {
        var a = JoinStatic("a", "i");
        Assert.Equal(ErrorCode.FencedInstanceId, _group.Leave(Beat("b", -1) with { InstanceId = "i" }).Error);
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Leave(Beat("a", -1) with { InstanceId = "x" }).Error);
        a.Leave();
        Assert.Equal(3, JoinStatic("b", "i").Owned.Count);
    }

    [Fact]
    public void Administrator_removes_members_by_id_or_instance()
    {
        JoinStatic("a", "i");
        Join("b", "t");
        Assert.Equal(ErrorCode.FencedInstanceId, _group.Remove(new LeavingMember("b", "i")));
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Remove(new LeavingMember("", "x")));
        Assert.Equal(ErrorCode.None, _group.Remove(new LeavingMember("", "i")));
        Assert.Equal(ErrorCode.None, _group.Remove(new LeavingMember("b", null)));
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Remove(new LeavingMember("b", null)));
        Assert.Equal(ConsumerGroupState.Empty, _group.View().State);
    }

    [Fact]
    public void Id_of_another_member_is_taken_from_it()
    {
        var a = JoinStatic("a", "i");
        Join("b", "t");
        a.Leave(ConsumerHeartbeat.LeavesForAMoment);
        var asB = JoinStatic("b", "i");
        asB.Follow();
        var member = Assert.Single(_group.View().Members);
        Assert.Equal(("b", "i", 3), (member.Id, member.InstanceId, asB.Owned.Count));
    }
}
