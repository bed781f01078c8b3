using Millrace.Broker.Groups.Consumer;
using Millrace.Protocol;

namespace Millrace.Broker.Tests.Groups.Consumer;

/// <summary>What members read changes, by what they say and by what becomes of topics.</summary>
public sealed class ConsumerGroupSubscriptionTests : ConsumerGroupTestBase
{
    [Fact]
    public void Partitions_that_come_are_assigned_with_the_next_heartbeat()
    {
        var a = Join("a", "t");
        _topics.Grow("t", 5);
        Assert.Equal(5, a.Call().Assignment!.Count);
        _topics.Grow("u", 5);
        Assert.Null(a.Call().Assignment);
        Assert.Equal(3, a.Epoch);
    }

    [Fact]
    public void Topic_that_comes_later_or_anew_is_assigned_under_its_own_id()
    {
        var a = Join("a", "later");
        Assert.Empty(a.Owned);
        _topics.Add("later", 1);
        a.Call();
        Assert.Equal([Partition("later", 0)], a.Owned);

        _topics.Delete("later");
        _topics.Add("later", 2);
        Settle(a);
        Assert.Equal(new HashSet<TopicIdPartition> { Partition("later", 0), Partition("later", 1) }, a.Owned);
    }

    [Fact]
    public void Topic_that_goes_is_taken_from_its_reader()
    {
        var a = Join("a", "t", "u");
        _topics.Delete("u");
        Assert.Equal(3, a.Call().Assignment!.Count);
        Settle(a);
        Assert.Equal(3, a.Owned.Count);
    }

    [Fact]
    public void Topic_that_is_not_read_any_more_is_to_be_given_up_at_once()
    {
        _group.Dispose();
        _group = NewGroup(l => l with { AssignmentInterval = TimeSpan.FromSeconds(10) });
        var a = Join("a", "t", "u");
        var told = a.Send(Beat("a", a.Epoch) with { TopicNames = new HashSet<string> { "t" } });
        Assert.Equal(3, told.Assignment!.Count);
        Assert.Equal(2, told.MemberEpoch);
        var b = Join("b", "u");
        Assert.Empty(b.Owned);
        a.Follow();
        _time.Advance(TimeSpan.FromSeconds(10));
        Settle(a, b);
        Assert.Equal((3, 2), (a.Owned.Count, b.Owned.Count));
    }

    [Fact]
    public void Expression_is_matched_against_whole_names_and_topics_that_come()
    {
        _topics.Add("orders-eu", 2);
        _topics.Add("old-orders-eu", 2);
        var a = Join(Joining("a") with { TopicNames = null, Pattern = Expression("orders-.*") });
        Assert.Equal(2, a.Owned.Count);
        _topics.Add("orders-us", 1);
        a.Call();
        Assert.Equal(3, a.Owned.Count);

        // Names and expression together, then names alone.
        a.Send(Beat("a", a.Epoch) with { TopicNames = new HashSet<string> { "u" } });
        Settle(a);
        Assert.Equal(5, a.Owned.Count);
        a.Send(Beat("a", a.Epoch) with { Pattern = Expression("") });
        Settle(a);
        Assert.Equal(2, a.Owned.Count);
        Assert.Null(Assert.Single(_group.View().Members).Pattern);
    }

    [Fact]
    public void Expression_is_matched_while_others_may_use_the_group()
    {
        _topics.Listing = () => Assert.True(Task.Run(() => _group.View()).Wait(TimeSpan.FromSeconds(30)), "the group is locked while it matches");
        var a = Join(Joining("a") with { Pattern = Expression("orders-.*") });
        _topics.Add("orders-eu", 1);
        a.Call();
        Assert.Single(a.Owned);
    }

    [Fact]
    public void Topic_that_comes_while_an_expression_is_matched_is_assigned_with_the_next_heartbeat()
    {
        _topics.Listing = () =>
        {
            _topics.Listing = () => { };
            _topics.Add("orders-eu", 1);
        };
        var a = Join(Joining("a") with { TopicNames = null, Pattern = Expression("orders-.*") });
        a.Call();
        Assert.Single(a.Owned);
    }

    [Theory]
    [InlineData("orders-.*", true)]
    [InlineData("^orders-.*$", true)]
    [InlineData("", true)]
    [InlineData("(", false)]
    [InlineData("a)|(b", false)]
    [InlineData("(?=a)b", false)]
    [InlineData(@"(a)\1", false)]
    [InlineData("((a{1000}){1000}){1000}", false)]
    public void Expression_is_one_that_takes_no_more_time_than_its_text_allows(string text, bool isOne) =>
        Assert.Equal(isOne, SubscriptionPattern.TryParse(text, out _));

    [Fact]
    public void Offsets_of_what_somebody_reads_may_not_be_deleted()
    {
        _topics.Add("orders", 1);
        Join("a", "t");
        Join(Joining("b") with { Pattern = Expression("ord.*") });
        Assert.True(_group.MayDeleteOffsets(out var subscribed));
        Assert.Equal(["orders", "t"], subscribed.Order());
    }

    [Fact]
    public void Assignor_is_the_one_that_most_ask_for()
    {
        _topics.Add("v", 2);
        var a = Join(Joining("a", "u", "v") with { Assignor = "range" });
        Assert.Equal("range", _group.View().Assignor);
        var b = Join(Joining("b", "u", "v"));
        Settle(a, b);
        Assert.Equal([Partition("u", 0), Partition("v", 0)], a.Owned.OrderBy(p => p != Partition("u", 0)));
        Join(Joining("c", "u") with { Assignor = "uniform" });
        Assert.Equal("uniform", _group.View().Assignor);
    }

    [Fact]
    public void Member_that_says_everything_is_told_everything()
    {
        var a = Join("a", "t");
        Assert.Equal(3, a.Send(Joining("a", "t") with { MemberEpoch = a.Epoch, Owned = a.Owned }).Assignment!.Count);
        Assert.Equal(ErrorCode.None, a.Call().Error);
    }

    private static SubscriptionPattern Expression(string text)
    {
        Assert.True(SubscriptionPattern.TryParse(text, out var pattern));
        return pattern;
    }
}
