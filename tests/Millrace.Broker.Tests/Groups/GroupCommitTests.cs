using Millrace.Broker.Groups;
using Millrace.Protocol;

namespace Millrace.Broker.Tests.Groups;

/// <summary>Who may commit offsets.</summary>
public sealed class GroupCommitTests : GroupTestBase
{
    [Fact]
    public async Task Commit_is_checked_against_the_group()
    {
        Assert.Equal(ErrorCode.None, _group.ValidateCommit(new Committer("", null, -1, IsTransactional: false, KnowsMemberEpochs: true)));
        var joined = await _group.JoinAsync(Join("") with { MustKnowItsId = false });
        Assert.Equal(ErrorCode.RebalanceInProgress, _group.ValidateCommit(new Committer(joined.MemberId, null, 1, IsTransactional: false, KnowsMemberEpochs: true)));
        await _group.SyncAsync(new SyncInput(joined.MemberId, null, 1));
        Assert.Equal(ErrorCode.None, _group.ValidateCommit(new Committer(joined.MemberId, null, 1, IsTransactional: false, KnowsMemberEpochs: true)));
        Assert.Equal(ErrorCode.IllegalGeneration, _group.ValidateCommit(new Committer(joined.MemberId, null, 0, IsTransactional: false, KnowsMemberEpochs: true)));
        Assert.Equal(ErrorCode.UnknownMemberId, _group.ValidateCommit(new Committer("nobody", null, 1, IsTransactional: false, KnowsMemberEpochs: true)));
        Assert.Equal(ErrorCode.UnknownMemberId, _group.ValidateCommit(new Committer("", null, -1, IsTransactional: false, KnowsMemberEpochs: true)));
    }

    [Fact]
    public async Task Commit_counts_as_heartbeat()
    {
        var member = await JoinAndSyncAloneAsync();
        _time.Advance(Session - TimeSpan.FromSeconds(1));
        Assert.Equal(ErrorCode.None, _group.ValidateCommit(new Committer(member, null, 1, IsTransactional: false, KnowsMemberEpochs: true)));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(GroupState.Stable, _group.State);
    }
}
