using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Tests.Apis;

/// <summary>Where groups of the new protocol are answered differently from Apache Kafka, and what takes a broker of its own to see.</summary>
public sealed class ConsumerGroupApisTests
{
    [Fact]
    public async Task Member_is_told_to_join_again_after_a_restart_and_offsets_are_kept()
    {
        await using var broker = await TestBroker.StartAsync();
        using (var client = await broker.ConnectAsync())
        {
            await client.CreateTopicAsync("t");
            Assert.Equal(2, (await JoinAsync(client, "g", "m")).MemberEpoch);
            Assert.Equal(2, (await JoinAsync(client, "without-offsets", "m")).MemberEpoch);
            Assert.Equal(ErrorCode.None, await GroupApisTests.CommitAsync(client, "g", "t", 7, "m", 2));
        }

        await broker.RestartAsync();
        using var again = await broker.ConnectAsync();
        foreach (var group in new[] { "g", "without-offsets" })
        {
            var beat = await BeatAsync(again, new() { GroupId = group, MemberId = "m", MemberEpoch = 2 });
            Assert.Equal(ErrorCode.UnknownMemberId, beat.ErrorCode);
            Assert.Equal(ErrorCode.None, (await JoinAsync(again, group, "m")).ErrorCode);
        }

        Assert.Equal(7, await GroupApisTests.CommittedAsync(again, "g", "t"));
    }

    [Fact]
    public async Task Group_with_members_takes_none_of_the_other_protocol()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        await JoinAsync(client, "new", "m");
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, (await JoinClassicAsync(client, "new")).ErrorCode);
        var member = (await JoinClassicAsync(client, "old")).MemberId;
        Assert.Equal(ErrorCode.GroupIdNotFound, (await JoinAsync(client, "old", "m")).ErrorCode);
        Assert.Equal(ErrorCode.GroupIdNotFound, (await BeatAsync(client, new() { GroupId = "old", MemberId = "m", MemberEpoch = 1 })).ErrorCode);

        // Both are as before, and free for the other protocol when they are empty.
        Assert.Equal(ErrorCode.None, (await BeatAsync(client, new() { GroupId = "new", MemberId = "m", MemberEpoch = 2 })).ErrorCode);
        await BeatAsync(client, new() { GroupId = "new", MemberId = "m", MemberEpoch = -1 });
        await client.CallAsync<LeaveGroupRequest, LeaveGroupResponse>(new() { GroupId = "old", MemberId = member }, 1);
        Assert.Equal(ErrorCode.None, (await JoinClassicAsync(client, "new")).ErrorCode);
        Assert.Equal(ErrorCode.None, (await JoinAsync(client, "old", "m")).ErrorCode);
    }

    [Fact]
    public async Task Groups_over_the_limit_and_subscriptions_that_are_too_long_are_refused()
    {
        await using var broker = await TestBroker.StartAsync(o => (o.MaxGroups, o.MaxConsumerGroupMembers) = (1, 1));
        using var client = await broker.ConnectAsync();
        Assert.Equal(ErrorCode.None, (await JoinAsync(client, "a", "m")).ErrorCode);
        Assert.Equal(ErrorCode.GroupMaxSizeReached, (await JoinAsync(client, "a", "n")).ErrorCode);
        Assert.Equal(ErrorCode.GroupMaxSizeReached, (await JoinAsync(client, "b", "m")).ErrorCode);
        var names = Enumerable.Range(0, 40).Select(i => new string('t', 30_000) + i).ToList();
        var tooLong = await BeatAsync(client, new() { GroupId = "a", MemberId = "m", MemberEpoch = 2, SubscribedTopicNames = names });
        Assert.Equal(ErrorCode.InvalidRequest, tooLong.ErrorCode);
    }

    [Fact]
    public async Task Transactional_commit_of_a_stale_epoch_is_an_illegal_generation_unless_the_partition_was_there_all_the_time()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        await client.CreateTopicAsync("u");
        await JoinAsync(client, "g", "m");
        // Another subscription, another epoch; t-0 stays.
        await BeatAsync(client, new() { GroupId = "g", MemberId = "m", MemberEpoch = 2, SubscribedTopicNames = ["t", "u"] });
        var producer = await client.CallAsync<InitProducerIdRequest, InitProducerIdResponse>(new() { TransactionalId = "tx", TransactionTimeoutMs = 60_000 }, 4);
        await client.CallAsync<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse>(
            new() { TransactionalId = "tx", ProducerId = producer.ProducerId, ProducerEpoch = producer.ProducerEpoch, GroupId = "g" }, 3);

        async Task<ErrorCode> CommitAsync(string topic, int epoch)
        {
            var response = await client.CallAsync<TxnOffsetCommitRequest, TxnOffsetCommitResponse>(
                new()
                {
                    TransactionalId = "tx",
                    GroupId = "g",
                    ProducerId = producer.ProducerId,
                    ProducerEpoch = producer.ProducerEpoch,
                    GenerationId = epoch,
                    MemberId = "m",
                    Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = 0, CommittedOffset = 1 }] }],
                },
                3);
            return response.Topics[0].Partitions[0].ErrorCode;
        }

        Assert.Equal(ErrorCode.None, await CommitAsync("t", 3));
        Assert.Equal(ErrorCode.None, await CommitAsync("t", 2));
        Assert.Equal(ErrorCode.IllegalGeneration, await CommitAsync("t", 1));
        Assert.Equal(ErrorCode.IllegalGeneration, await CommitAsync("u", 2));
    }

    private static Task<ConsumerGroupHeartbeatResponse> JoinAsync(WireClient client, string group, string member) => BeatAsync(
        client, new() { GroupId = group, MemberId = member, RebalanceTimeoutMs = 60_000, SubscribedTopicNames = ["t"], TopicPartitions = [] });

    private static Task<ConsumerGroupHeartbeatResponse> BeatAsync(WireClient client, ConsumerGroupHeartbeatRequest request) =>
        client.CallAsync<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse>(request, 1);

    private static Task<JoinGroupResponse> JoinClassicAsync(WireClient client, string group) => client.CallAsync<JoinGroupRequest, JoinGroupResponse>(
        new()
        {
            GroupId = group,
            SessionTimeoutMs = 10_000,
            RebalanceTimeoutMs = 10_000,
            ProtocolType = "consumer",
            Protocols = [new() { Name = "range", Metadata = new byte[] { 1, 2 } }],
        },
        3);
}
