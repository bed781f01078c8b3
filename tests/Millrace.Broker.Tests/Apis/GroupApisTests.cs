using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Tests.Apis;

/// <summary>The group APIs over the wire. The rules of joining and leaving are tested on the group itself.</summary>
public sealed class GroupApisTests
{
    [Fact]
    public async Task Group_lives_from_join_to_leave()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        var pending = await JoinAsync(client, "g", "");
        Assert.Equal(ErrorCode.MemberIdRequired, pending.ErrorCode);
        var joined = await JoinAsync(client, "g", pending.MemberId);
        Assert.Equal((ErrorCode.None, 1, "range", "consumer"), (joined.ErrorCode, joined.GenerationId, joined.ProtocolName, joined.ProtocolType));

        var synced = await client.CallAsync<SyncGroupRequest, SyncGroupResponse>(
            new()
            {
                GroupId = "g",
                MemberId = joined.MemberId,
                GenerationId = 1,
                Assignments = [new() { MemberId = joined.MemberId, Assignment = new byte[] { 7 } }],
            },
            5);
        Assert.Equal([7], synced.Assignment.ToArray());

        var described = await DescribeAsync(client, "g");
        Assert.Equal(("Stable", "range"), (described.GroupState, described.ProtocolData));
        var member = Assert.Single(described.Members);
        Assert.Equal(("wire-client", "/127.0.0.1"), (member.ClientId, member.ClientHost));
        Assert.Equal([1, 2], member.MemberMetadata.ToArray());
        Assert.Equal([7], member.MemberAssignment.ToArray());

        Assert.Equal(ErrorCode.None, await CommitAsync(client, "g", "t", 5, joined.MemberId, 1));
        Assert.Equal(ErrorCode.IllegalGeneration, await CommitAsync(client, "g", "t", 6, joined.MemberId, 2));
        var heartbeat = await client.CallAsync<HeartbeatRequest, HeartbeatResponse>(new() { GroupId = "g", MemberId = joined.MemberId, GenerationId = 1 }, 4);
        Assert.Equal(ErrorCode.None, heartbeat.ErrorCode);

        var left = await client.CallAsync<LeaveGroupRequest, LeaveGroupResponse>(
            new() { GroupId = "g", Members = [new() { MemberId = joined.MemberId }, new() { MemberId = "nobody" }] }, 5);
        Assert.Equal([ErrorCode.None, ErrorCode.UnknownMemberId], left.Members.Select(m => m.ErrorCode));
        Assert.Equal("Empty", (await DescribeAsync(client, "g")).GroupState);
        Assert.Equal(5, await CommittedAsync(client, "g", "t"));
    }

    [Fact]
    public async Task Group_without_members_and_offsets_is_shown_empty_and_forgotten_after_a_while_or_for_the_next()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var broker = await TestBroker.StartAsync(o => (o.TimeProvider, o.MaxGroups) = (time, 1));
        using var client = await broker.ConnectAsync();
        var joined = await JoinAsync(client, "g", "", version: 3);
        Assert.Equal(["g"], (await ListAsync(client)).Select(g => g.GroupId));
        var left = await client.CallAsync<LeaveGroupRequest, LeaveGroupResponse>(new() { GroupId = "g", MemberId = joined.MemberId }, 1);
        Assert.Equal(ErrorCode.None, left.ErrorCode);
        Assert.Equal("Empty", Assert.Single(await ListAsync(client)).GroupState);
        joined = await JoinAsync(client, "next", "", version: 3);
        Assert.Equal(["next"], (await ListAsync(client)).Select(g => g.GroupId));
        await client.CallAsync<LeaveGroupRequest, LeaveGroupResponse>(new() { GroupId = "next", MemberId = joined.MemberId }, 1);
        time.Advance(TimeSpan.FromMinutes(9));
        using var later = await broker.ConnectAsync();
        Assert.Single(await ListAsync(later));
        time.Advance(TimeSpan.FromMinutes(1));
        using var latest = await broker.ConnectAsync();
        Assert.Empty(await ListAsync(latest));
        Assert.Equal((ErrorCode.GroupIdNotFound, "Dead"), (await DescribeAsync(latest, "g") is var d ? d.ErrorCode : default, d.GroupState));
    }

    [Theory]
    [InlineData("", 10_000, 24)]
    [InlineData("g", 100, 26)]
    [InlineData("g", 1_800_001, 26)]
    public async Task Join_with_impossible_values_is_refused(string group, int sessionTimeout, short error)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        Assert.Equal((ErrorCode)error, (await JoinAsync(client, group, "", sessionTimeout)).ErrorCode);
    }

    [Fact]
    public async Task Join_with_unknown_id_or_too_much_metadata_is_refused()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        Assert.Equal(ErrorCode.UnknownMemberId, (await JoinAsync(client, "g", "nobody")).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, (await JoinAsync(client, "g", "", metadata: new byte[1024 * 1024 + 1])).ErrorCode);
        Assert.Empty(await ListAsync(client));
    }

    [Fact]
    public async Task Groups_over_the_limit_are_refused()
    {
        await using var broker = await TestBroker.StartAsync(o => o.MaxGroups = 2);
        using var client = await broker.ConnectAsync();
        await JoinAsync(client, "a", "");
        await JoinAsync(client, "b", "");
        Assert.Equal(ErrorCode.GroupMaxSizeReached, (await JoinAsync(client, "c", "")).ErrorCode);
    }

    [Fact]
    public async Task Offset_comes_back_as_it_was_committed()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t", partitions: 2);
        var request = new OffsetCommitRequest
        {
            GroupId = "g",
            GenerationIdOrMemberEpoch = -1,
            Topics =
            [
                new()
                {
                    Name = "t",
                    Partitions =
                    [
                        new() { PartitionIndex = 0, CommittedOffset = 42, CommittedLeaderEpoch = 3, CommittedMetadata = "wo war ich? ✓" },
                        new() { PartitionIndex = 1, CommittedOffset = 1, CommittedMetadata = new string('m', 4097) },
                        new() { PartitionIndex = 2, CommittedOffset = 1, CommittedMetadata = null },
                    ],
                },
            ],
        };
        var committed = await client.CallAsync<OffsetCommitRequest, OffsetCommitResponse>(request, 9);
        Assert.Equal(
            [ErrorCode.None, ErrorCode.OffsetMetadataTooLarge, ErrorCode.UnknownTopicOrPartition],
            committed.Topics[0].Partitions.Select(p => p.ErrorCode));

        await broker.RestartAsync();
        using var again = await broker.ConnectAsync();
        var fetched = await again.CallAsync<OffsetFetchRequest, OffsetFetchResponse>(
            new() { Groups = [new() { GroupId = "g", Topics = null }, new() { GroupId = "nobody", Topics = [new() { Name = "t", PartitionIndexes = [0] }] }] }, 9);
        var partition = Assert.Single(Assert.Single(fetched.Groups[0].Topics).Partitions);
        Assert.Equal((0, 42, 3, "wo war ich? ✓"), (partition.PartitionIndex, partition.CommittedOffset, partition.CommittedLeaderEpoch, partition.Metadata));
        var nothing = fetched.Groups[1].Topics[0].Partitions[0];
        Assert.Equal((-1, "", ErrorCode.None), (nothing.CommittedOffset, nothing.Metadata, nothing.ErrorCode));
        Assert.Equal(["g"], (await ListAsync(again, "Empty")).Select(g => g.GroupId));
        Assert.Empty(await ListAsync(again, "Stable"));
    }

    [Theory]
    [InlineData(8, 22)]
    [InlineData(9, 69)]
    public async Task Commit_of_member_to_group_that_is_gone_is_refused(short version, short error)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        Assert.Equal((ErrorCode)error, await CommitAsync(client, "g", "t", 5, "member", 3, version));
    }

    [Fact]
    public async Task This_broker_coordinates_every_group_and_transaction_and_nothing_else()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        foreach (sbyte type in new sbyte[] { 0, 1 })
        {
            var found = await client.CallAsync<FindCoordinatorRequest, FindCoordinatorResponse>(new() { KeyType = type, CoordinatorKeys = ["a"] }, 6);
            Assert.Equal((ErrorCode.None, broker.Port), (found.Coordinators[0].ErrorCode, found.Coordinators[0].Port));
        }

        var share = await client.CallAsync<FindCoordinatorRequest, FindCoordinatorResponse>(new() { KeyType = 2, CoordinatorKeys = ["a"] }, 6);
        Assert.Equal(ErrorCode.InvalidRequest, share.Coordinators[0].ErrorCode);
    }

    [Fact]
    public async Task Deleted_group_is_gone_with_its_offsets_and_one_with_members_is_not_deleted()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        await CommitAsync(client, "old", "t", 5);
        var joined = await JoinAsync(client, "busy", "", version: 3);
        Assert.Equal(ErrorCode.None, joined.ErrorCode);
        var deleted = await client.CallAsync<DeleteGroupsRequest, DeleteGroupsResponse>(new() { GroupsNames = ["old", "busy", "none", ""] }, 2);
        Assert.Equal(
            [("old", ErrorCode.None), ("busy", ErrorCode.NonEmptyGroup), ("none", ErrorCode.GroupIdNotFound), ("", ErrorCode.InvalidGroupId)],
            deleted.Results.Select(r => (r.GroupId, r.ErrorCode)));
        Assert.Equal(-1, await CommittedAsync(client, "old", "t"));
        await broker.RestartAsync();
        using var again = await broker.ConnectAsync();
        Assert.Equal(-1, await CommittedAsync(again, "old", "t"));
        Assert.Empty(await ListAsync(again));
    }

    [Fact]
    public async Task Offsets_are_deleted_except_those_of_topics_that_a_member_reads()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("read");
        await client.CreateTopicAsync("left");
        await CommitAsync(client, "g", "read", 1);
        await CommitAsync(client, "g", "left", 2);

        // version 0, one topic "read", no user data
        byte[] subscription = [0, 0, 0, 0, 0, 1, 0, 4, .. "read"u8, 0xFF, 0xFF, 0xFF, 0xFF];
        await JoinAsync(client, "g", "", version: 3, metadata: subscription);
        var deleted = await client.CallAsync<OffsetDeleteRequest, OffsetDeleteResponse>(
            new()
            {
                GroupId = "g",
                Topics =
                [
                    new() { Name = "read", Partitions = [new() { PartitionIndex = 0 }] },
                    new() { Name = "left", Partitions = [new() { PartitionIndex = 0 }, new() { PartitionIndex = 9 }] },
                ],
            },
            0);
        Assert.Equal(
            [ErrorCode.GroupSubscribedToTopic, ErrorCode.None, ErrorCode.UnknownTopicOrPartition],
            deleted.Topics.SelectMany(t => t.Partitions).Select(p => p.ErrorCode));
        Assert.Equal((1, -1), (await CommittedAsync(client, "g", "read"), await CommittedAsync(client, "g", "left")));
        var none = await client.CallAsync<OffsetDeleteRequest, OffsetDeleteResponse>(new() { GroupId = "none" }, 0);
        Assert.Equal(ErrorCode.GroupIdNotFound, none.ErrorCode);
        await JoinAsync(client, "other", "", version: 3);
        var unreadable = await client.CallAsync<OffsetDeleteRequest, OffsetDeleteResponse>(new() { GroupId = "other" }, 0);
        Assert.Equal(ErrorCode.NonEmptyGroup, unreadable.ErrorCode);
    }

    internal static async Task<ErrorCode> CommitAsync(
        WireClient client, string group, string topic, long offset, string member = "", int generation = -1, short version = 9)
    {
        var response = await client.CallAsync<OffsetCommitRequest, OffsetCommitResponse>(
            new()
            {
                GroupId = group,
                MemberId = member,
                GenerationIdOrMemberEpoch = generation,
                Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = 0, CommittedOffset = offset }] }],
            },
            version);
        return response.Topics[0].Partitions[0].ErrorCode;
    }

    internal static async Task<long> CommittedAsync(WireClient client, string group, string topic)
    {
        var response = await client.CallAsync<OffsetFetchRequest, OffsetFetchResponse>(
            new() { GroupId = group, Topics = [new() { Name = topic, PartitionIndexes = [0] }] }, 5);
        return response.Topics[0].Partitions[0].CommittedOffset;
    }

    private static Task<JoinGroupResponse> JoinAsync(
        WireClient client, string group, string member, int sessionTimeout = 10_000, short version = 9, byte[]? metadata = null) =>
        client.CallAsync<JoinGroupRequest, JoinGroupResponse>(
            new()
            {
                GroupId = group,
                MemberId = member,
                SessionTimeoutMs = sessionTimeout,
                RebalanceTimeoutMs = 10_000,
                ProtocolType = "consumer",
                Protocols = [new() { Name = "range", Metadata = metadata ?? [1, 2] }],
            },
            version);

    private static async Task<DescribeGroupsResponse.DescribedGroup> DescribeAsync(WireClient client, string group) =>
        (await client.CallAsync<DescribeGroupsRequest, DescribeGroupsResponse>(new() { Groups = [group] }, 6)).Groups[0];

    private static async Task<List<ListGroupsResponse.ListedGroup>> ListAsync(WireClient client, params string[] states) =>
        (await client.CallAsync<ListGroupsRequest, ListGroupsResponse>(new() { StatesFilter = [.. states] }, 5)).Groups;
}
