using Millrace.Broker.Groups;
using Millrace.Broker.Groups.Consumer;
using Millrace.Protocol;

namespace Millrace.Broker.Tests.Groups.Consumer;

/// <summary>Who is not let in, and who may not go on.</summary>
public sealed class ConsumerGroupFencingTests : ConsumerGroupTestBase
{
    [Fact]
    public void Epoch_from_the_future_or_of_an_unknown_member_is_refused()
    {
        Join("a", "t");
        Assert.Equal(ErrorCode.FencedMemberEpoch, _group.Heartbeat(Beat("a", 3)).Error);
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Heartbeat(Beat("b", 2)).Error);
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Leave(Beat("b", -1)).Error);
    }

    [Fact]
    public void Epoch_before_is_taken_from_who_owns_nothing_too_much()
    {
        var a = Join("a", "t");
        var b = Join("b", "t");
        a.Call();
        var before = a.Epoch;
        a.Follow();
        Assert.Equal(before + 1, a.Epoch);

        Assert.Equal(ErrorCode.None, _group.Heartbeat(Beat("a", before, a.Told)).Error);
        Assert.Equal(ErrorCode.FencedMemberEpoch, _group.Heartbeat(Beat("a", before)).Error);
        Assert.Equal(ErrorCode.FencedMemberEpoch, _group.Heartbeat(Beat("a", before, [Partition("t", 0), Partition("t", 1), Partition("t", 2)])).Error);
        Assert.Equal(ErrorCode.FencedMemberEpoch, _group.Heartbeat(Beat("a", before - 1, a.Told)).Error);
        Settle(a, b);
    }

    [Fact]
    public void Group_that_is_full_takes_nobody_and_keeps_who_is_there()
    {
        var a = Join("a", "t");
        Join("b", "t");
        Join("c", "t");
        Assert.Equal(ErrorCode.GroupMaxSizeReached, _group.Heartbeat(Joining("d", "t")).Error);
        Assert.Equal(ErrorCode.None, a.Call().Error);
    }

    [Fact]
    public void Silent_member_is_out_after_its_session_and_heartbeats_prevent_it()
    {
        var a = Join("a", "t");
        var b = Join("b", "t");
        Settle(a, b);
        _time.Advance(Session - TimeSpan.FromSeconds(1));
        a.Call();
        Assert.Equal(2, _group.View().Members.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("a", Assert.Single(_group.View().Members).Id);
        a.Call();
        Assert.Equal(3, a.Owned.Count);
        Assert.Equal(ErrorCode.UnknownMemberId, b.Call().Error);
    }

    [Fact]
    public void Member_that_does_not_give_up_is_out_after_its_rebalance_timeout()
    {
        var a = Join("a", "t");
        var b = Join("b", "t");
        a.Call();
        for (var elapsed = TimeSpan.Zero; elapsed < Rebalance; elapsed += TimeSpan.FromSeconds(5))
        {
            // It is alive, and has not given up.
            Assert.Equal(ErrorCode.None, a.Call().Error);
            Assert.Equal(ErrorCode.None, b.Call().Error);
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(ErrorCode.UnknownMemberId, a.Call().Error);
        b.Call();
        Assert.Equal(3, b.Owned.Count);
    }

    [Fact]
    public void Member_that_gives_up_in_time_stays()
    {
        var a = Join("a", "t");
        var b = Join("b", "t");
        a.Call();
        _time.Advance(Rebalance - TimeSpan.FromSeconds(1));
        a.Follow();
        b.Follow();
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(ErrorCode.None, a.Call().Error);
    }

    [Fact]
    public void Members_are_put_out_on_demand()
    {
        var a = Join("a", "t");
        var b = Join("b", "t");
        Assert.Equal(0, _group.ExpireSessions("nobody"));
        Assert.Equal(1, _group.ExpireSessions("a"));
        Assert.Equal(ErrorCode.UnknownMemberId, a.Call().Error);
        b.Call();
        Assert.Equal(3, b.Owned.Count);
        Assert.Equal(1, _group.ExpireSessions(null));
        Assert.Equal(ConsumerGroupState.Empty, _group.View().State);
    }

    [Fact]
    public void Commit_needs_a_member_and_its_epoch_unless_nobody_is_there()
    {
        ErrorCode Commit(string member, int epoch, bool isTransactional = false, bool knowsEpochs = true) =>
            _group.ValidateCommit(new Committer(member, null, epoch, isTransactional, knowsEpochs));

        Assert.Equal(ErrorCode.None, Commit("", -1));
        var a = Join("a", "t");
        Assert.Equal(ErrorCode.None, Commit("a", a.Epoch));
        Assert.Equal(ErrorCode.StaleMemberEpoch, Commit("a", a.Epoch + 1));
        Assert.Equal(ErrorCode.UnknownMemberId, Commit("b", a.Epoch));
        Assert.Equal(ErrorCode.UnknownMemberId, Commit("", -1));
        Assert.Equal(ErrorCode.None, Commit("", -1, isTransactional: true));
        Assert.Equal(ErrorCode.StaleMemberEpoch, Commit("a", a.Epoch + 1, isTransactional: true));
        Assert.Equal(ErrorCode.UnsupportedVersion, Commit("a", a.Epoch, knowsEpochs: false));

        Assert.Equal(ErrorCode.None, _group.ValidateFetch(null, -1));
        Assert.Equal(ErrorCode.None, _group.ValidateFetch("a", a.Epoch));
        Assert.Equal(ErrorCode.StaleMemberEpoch, _group.ValidateFetch("a", a.Epoch - 1));
        Assert.Equal(ErrorCode.UnknownMemberId, _group.ValidateFetch("b", a.Epoch));
    }

    [Fact]
    public void Late_commit_is_good_for_a_partition_that_the_member_has_had_since()
    {
        var a = Join("a", "t");
        var b = Join("b", "t");
        Settle(a, b);
        var (kept, given) = (a.Owned.First(), b.Owned.Single());
        Assert.Equal((3, 3), (a.Epoch, b.Epoch));
        Assert.True(_group.HasHadSince("a", 2, kept));
        Assert.True(_group.HasHadSince("a", 3, kept));
        Assert.False(_group.HasHadSince("a", 1, kept), "it did not have it then");
        Assert.False(_group.HasHadSince("a", 4, kept), "an epoch that is still to come");
        Assert.False(_group.HasHadSince("a", 2, given), "somebody else may have read on");
        Assert.False(_group.HasHadSince("b", 2, given), "it got it later");
        Assert.False(_group.HasHadSince("c", 2, kept));

        // What it has been told to give up it still has.
        var c = Join("c", "t");
        a.Call();
        Assert.True(a.Owned.All(p => _group.HasHadSince("a", 2, p)));
        Settle(a, b, c);
    }

    [Fact]
    public void Member_that_joins_again_goes_on_in_its_epoch()
    {
        var a = Join("a", "t");
        var b = Join("b", "t");
        Settle(a, b);
        var again = _group.Heartbeat(Joining("a", "t"));
        Assert.Equal((ErrorCode.None, a.Epoch, 2), (again.Error, again.MemberEpoch, again.Assignment!.Count));
    }

    [Fact]
    public void Group_is_retired_only_when_nobody_is_in_it_and_takes_nobody_then()
    {
        var a = Join("a", "t");
        Assert.False(_group.TryRetire());
        a.Leave();
        Assert.True(_group.TryRetire());
        Assert.True(_group.IsDead);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, _group.Heartbeat(Joining("a", "t")).Error);
        Assert.Empty(_group.View().Members);
    }

    [Fact]
    public void Empty_group_knows_for_how_long()
    {
        var a = Join("a", "t");
        Assert.Equal(TimeSpan.Zero, _group.EmptyFor);
        a.Leave();
        _time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(TimeSpan.FromMinutes(3), _group.EmptyFor);
    }
}
