using System.Text;
using Microsoft.Extensions.Time.Testing;
using Millrace.Broker.Groups;

namespace Millrace.Broker.Tests.Groups;

/// <summary>The state machine of a group alone, in fake time.</summary>
public abstract class GroupTestBase : IDisposable
{
    private protected static readonly TimeSpan Session = TimeSpan.FromSeconds(10);
    private protected static readonly TimeSpan Rebalance = TimeSpan.FromSeconds(60);

    private protected readonly FakeTimeProvider _time = new();
    private protected ClassicGroup _group;

    protected GroupTestBase() => _group = NewGroup(TimeSpan.Zero);

    public void Dispose() => _group.Dispose();

    private protected ClassicGroup NewGroup(TimeSpan initialDelay) => new(
        "g",
        new GroupLimits
        {
            MinSessionTimeout = TimeSpan.FromSeconds(6),
            MaxSessionTimeout = TimeSpan.FromMinutes(30),
            InitialRebalanceDelay = initialDelay,
            MaxMembers = 3,
        },
        _time);

    private protected static JoinInput Join(string memberId, string metadata = "m") => new()
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

    private protected Task<JoinResult> JoinNew() => _group.JoinAsync(Join("") with { MustKnowItsId = false });

    private protected async Task<string> JoinAndSyncAloneAsync()
    {
        var joined = await JoinNew();
        await _group.SyncAsync(new SyncInput(joined.MemberId, null, joined.Generation));
        Assert.Equal(GroupState.Stable, _group.State);
        return joined.MemberId;
    }

    private protected async Task<(string Leader, string Follower)> JoinTwoAsync()
    {
        var leader = await JoinAndSyncAloneAsync();
        var second = JoinNew();
        await _group.JoinAsync(Join(leader));
        return (leader, (await second).MemberId);
    }

    private protected async Task SyncBothAsync(string leader, string follower)
    {
        var parked = _group.SyncAsync(new SyncInput(follower, null, 2));
        await _group.SyncAsync(new SyncInput(leader, null, 2));
        await parked;
    }
}
