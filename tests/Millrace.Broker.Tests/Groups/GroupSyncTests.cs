using Millrace.Broker.Groups;
using Millrace.Protocol;

namespace Millrace.Broker.Tests.Groups;

/// <summary>How members get what their leader gives them.</summary>
public sealed class GroupSyncTests : GroupTestBase
{
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
    public async Task Dispose_answers_who_waits()
    {
        var (_, follower) = await JoinTwoAsync();
        var parked = _group.SyncAsync(new SyncInput(follower, null, 2));
        _group.Dispose();
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, (await parked).Error);
    }
}
