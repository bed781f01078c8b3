using Microsoft.Extensions.Time.Testing;
using Millrace.Pipeline.Parking;

namespace Millrace.Pipeline.Tests.Parking;

public sealed class ParkedUsersTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ParkedUsers _users;

    public ParkedUsersTests() => _users = new ParkedUsers(new ParkingOptions { MaxEventsPerUser = 3, MaxEvents = 4 }, _time);

    [Fact]
    public void Nobody_is_parked_at_first()
    {
        Assert.True(_users.IsEmpty);
        Assert.Null(_users.UntilDue());
        Assert.False(_users.TryFindDue(out _));
    }

    [Fact]
    public void User_is_due_after_the_first_delay()
    {
        _users.TryAdd("a"u8);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.FromSeconds(1), _users.UntilDue());
        Assert.False(_users.TryFindDue(out _));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.Zero, _users.UntilDue());
        Assert.True(_users.TryFindDue(out var user));
        Assert.Equal("a"u8, user);
    }

    [Fact]
    public void User_that_is_due_first_is_found_first()
    {
        _users.Set("late"u8, 1, TimeSpan.FromSeconds(3));
        _users.Set("early"u8, 1, TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), _users.UntilDue());
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.True(_users.TryFindDue(out var user));
        Assert.Equal("early"u8, user);
    }

    [Fact]
    public void Wait_is_never_longer_than_until_the_next_look_at_the_tables()
    {
        _users.Set("a"u8, 1, TimeSpan.FromDays(100));

        Assert.Equal(TimeSpan.FromSeconds(2), _users.UntilDue());
    }

    [Fact]
    public void What_was_not_committed_is_taken_back()
    {
        _users.TryAdd("a"u8);
        var mark = _users.Mark;
        _users.TryAdd("a"u8);
        _users.TryAdd("b"u8);

        _users.RollBackTo(mark);

        Assert.Equal(1, _users.Events);
        Assert.True(_users.Contains("a"u8));
        Assert.False(_users.Contains("b"u8));
        _users.Commit();
        _users.RollBackTo(0);
        Assert.Equal(1, _users.Events);
    }

    [Fact]
    public void Limits_hold_for_a_user_and_for_all()
    {
        Assert.True(_users.TryAdd("a"u8) && _users.TryAdd("a"u8) && _users.TryAdd("a"u8));
        Assert.False(_users.TryAdd("a"u8));
        Assert.True(_users.TryAdd("b"u8));
        Assert.False(_users.TryAdd("c"u8));
        Assert.False(_users.Contains("c"u8));

        _users.Set("a"u8, 0, TimeSpan.Zero);

        Assert.True(_users.TryAdd("c"u8));
        Assert.Equal(2, _users.Events);
    }
}
