using Millrace.Broker.Groups.Consumer;
using Millrace.Protocol;

namespace Millrace.Broker.Tests.Groups.Consumer;

/// <summary>How members come to what they are to have, without anybody having what somebody else still has.</summary>
public sealed class ConsumerGroupReconciliationTests : ConsumerGroupTestBase
{
    [Fact]
    public void First_member_gets_everything_at_once()
    {
        var a = Join("a", "t");
        Assert.Equal(3, a.Owned.Count);
        Assert.Equal((2, ConsumerGroupState.Stable), (a.Epoch, _group.View().State));
        Assert.Null(a.Call().Assignment);
    }

    [Fact]
    public void Second_member_gets_a_partition_only_when_the_first_has_given_it_up()
    {
        var a = Join("a", "t");
        var b = Join("b", "t");
        Assert.Equal((3, 0), (b.Epoch, b.Owned.Count));

        // The first is told, and is as before until it says that it did.
        var told = a.Call();
        Assert.Equal(2, told.Assignment!.Count);
        Assert.Equal(2, told.MemberEpoch);
        Assert.Empty(b.Follow().Assignment ?? []);
        Assert.Null(a.Call().Assignment);
        Assert.Empty(b.Follow().Assignment ?? []);
        Assert.Equal(ConsumerGroupState.Reconciling, _group.View().State);

        Assert.Equal(3, a.Follow().MemberEpoch);
        Assert.Single(b.Call().Assignment!);
        Assert.Equal(ConsumerGroupState.Stable, _group.View().State);
        AssertNoPartitionIsOwnedTwice(a, b);
    }

    [Fact]
    public void Member_that_leaves_leaves_its_partitions_to_the_others()
    {
        var a = Join("a", "t");
        var b = Join("b", "t");
        Settle(a, b);
        var left = b.Leave();
        Assert.Equal((ErrorCode.None, -1), (left.Error, left.MemberEpoch));
        Assert.Equal(ConsumerGroupState.Assigning, _group.View().State);
        a.Call();
        Assert.Equal(3, a.Owned.Count);
        a.Leave();
        Assert.Equal(ConsumerGroupState.Empty, _group.View().State);
    }

    [Fact]
    public void Three_members_share_and_nobody_is_moved_without_need()
    {
        var a = Join("a", "t");
        var b = Join("b", "t");
        Settle(a, b);
        var (ofA, ofB) = (a.Owned.ToHashSet(), b.Owned.ToHashSet());
        var c = Join("c", "t");
        Settle(a, b, c);
        Assert.Equal([1, 1, 1], new[] { a, b, c }.Select(m => m.Owned.Count));
        Assert.ProperSuperset(a.Owned, ofA);
        Assert.Equal(ofB, b.Owned);
    }

    [Fact]
    public void Member_may_be_led_to_a_newer_target_while_it_gives_up()
    {
        var a = Join("a", "t");
        var b = Join("b", "t");
        a.Call();
        // Before it has given up, the other is gone, and what it was to give up it is to keep.
        b.Leave();
        Assert.Null(a.Call().Assignment);
        a.Follow();
        Assert.Equal(3, a.Owned.Count);
        Assert.Equal(ConsumerGroupState.Stable, _group.View().State);
    }

    [Fact]
    public void Epochs_only_rise_and_each_change_of_the_group_has_its_own()
    {
        var a = Join("a", "t");
        var b = Join("b", "t");
        Settle(a, b);
        Assert.Equal((3, 3), (_group.View().Epoch, _group.View().AssignmentEpoch));
        b.Leave();
        Assert.Equal((4, 3), (_group.View().Epoch, _group.View().AssignmentEpoch));
        a.Call();
        Assert.Equal((4, 4, 4), (_group.View().Epoch, _group.View().AssignmentEpoch, a.Epoch));
        a.Leave();
        var again = Join("a", "t");
        Assert.True(again.Epoch > 4, "an epoch came twice");
    }

    [Fact]
    public void Assignments_wait_for_their_interval()
    {
        _group.Dispose();
        _group = NewGroup(l => l with { AssignmentInterval = TimeSpan.FromSeconds(1) });
        var a = Join("a", "t");
        var b = Join("b", "t");
        a.Follow();
        Assert.Equal(3, a.Told.Count);
        Assert.Equal((ConsumerGroupState.Assigning, 2), (_group.View().State, b.Epoch));
        _time.Advance(TimeSpan.FromSeconds(1));
        Settle(a, b);
        Assert.Equal((2, 1), (a.Owned.Count, b.Owned.Count));
    }

    [Fact]
    public void Members_that_come_and_go_at_random_never_share_a_partition_and_come_to_rest()
    {
        var random = new Random(848);
        _group.Dispose();
        _group = NewGroup(l => l with { MaxMembers = 10 });
        _topics.Grow("t", 7);
        var clients = new List<Client>();
        for (var step = 0; step < 3000; step++)
        {
            switch (random.Next(12))
            {
                case 0 when clients.Count < 8:
                    clients.Add(Join($"m{step}", random.Next(2) == 0 ? ["t"] : ["t", "u"]));
                    break;
                case 1 when clients.Count > 0:
                    var leaving = clients[random.Next(clients.Count)];
                    leaving.Leave();
                    clients.Remove(leaving);
                    break;
                case 2 when clients.Count > 0:
                    var changing = clients[random.Next(clients.Count)];
                    changing.Send(Beat(changing.Id, changing.Epoch) with { TopicNames = random.Next(2) == 0 ? ["u"] : new HashSet<string> { "t", "u" } });
                    break;
                case 3 when step % 50 == 0:
                    _topics.Grow("u", _topics.Find("u")!.Value.Partitions + 1);
                    break;
                case < 8 when clients.Count > 0:
                    clients[random.Next(clients.Count)].Follow();
                    break;
                default:
                    if (clients.Count > 0)
                        clients[random.Next(clients.Count)].Call();
                    break;
            }

            AssertNoPartitionIsOwnedTwice([.. clients]);
        }

        if (clients.Count == 0)
            clients.Add(Join("last", "t", "u"));
        clients[0].Send(Beat(clients[0].Id, clients[0].Epoch) with { TopicNames = new HashSet<string> { "t", "u" } });
        Settle([.. clients]);
        Assert.Equal(7 + _topics.Find("u")!.Value.Partitions, clients.Sum(c => c.Owned.Count));
    }
}
