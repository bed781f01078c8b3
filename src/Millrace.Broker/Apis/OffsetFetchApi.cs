using System.Collections.Frozen;
using Millrace.Broker.Log;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// OffsetFetch, versions 1 to 9: what a group, or from 8 on each of several, has committed. From 2 on no topics means all.
/// <para>As Kafka: a partition without a commit has offset -1, empty metadata and no error, and so has a group that is not known.</para>
/// <para>7 on: who wants only what is stable gets UNSTABLE_OFFSET_COMMIT for a partition whose offset an open transaction is about to move.</para>
/// <para>9: a member of the new protocol that says who it is gets them only while it is one, at its epoch.</para>
/// <para>Not there: version 10, with topic ids; clients fall back to 9.</para>
/// </summary>
internal sealed class OffsetFetchApi(BrokerServices services) : Api<OffsetFetchRequest, OffsetFetchResponse>(minVersion: 1, maxVersion: 9)
{
    private const short SeveralGroups = 8;

    private static readonly CommittedOffset NoCommit = new("", -1, -1, -1, "", DateTimeOffset.UnixEpoch);

    protected override ValueTask<OffsetFetchResponse?> HandleAsync(OffsetFetchRequest request, RequestContext context)
    {
        var response = context.Version >= SeveralGroups
            ? new OffsetFetchResponse { Groups = request.Groups.ConvertAll(g => Group(g, request.RequireStable)) }
            : new OffsetFetchResponse { Topics = Topics(request) };
        return ValueTask.FromResult<OffsetFetchResponse?>(response);
    }

    private List<OffsetFetchResponse.OffsetFetchResponseTopic> Topics(OffsetFetchRequest request)
    {
        var wanted = request.Topics?.Select(t => (t.Name, t.PartitionIndexes)) ?? AllOf(request.GroupId);
        var unstable = Unstable(request.GroupId, request.RequireStable);
        return
        [
            .. wanted.Select(topic => new OffsetFetchResponse.OffsetFetchResponseTopic
            {
                Name = topic.Name,
                Partitions = topic.PartitionIndexes.ConvertAll(index =>
                {
                    var (committed, error) = Find(request.GroupId, new TopicPartition(topic.Name, index), unstable);
                    return new OffsetFetchResponse.OffsetFetchResponsePartition
                    {
                        ErrorCode = error,
                        PartitionIndex = index,
                        CommittedOffset = committed.Offset,
                        CommittedLeaderEpoch = committed.LeaderEpoch,
                        Metadata = committed.Metadata,
                    };
                }),
            }),
        ];
    }

    private OffsetFetchResponse.OffsetFetchResponseGroup Group(OffsetFetchRequest.OffsetFetchRequestGroup group, bool requireStable)
    {
        var refusal = services.Groups.ValidateFetch(group.GroupId, group.MemberId, group.MemberEpoch);
        if (refusal is not ErrorCode.None)
            return new() { GroupId = group.GroupId, ErrorCode = refusal };

        var wanted = group.Topics?.Select(t => (t.Name, t.PartitionIndexes)) ?? AllOf(group.GroupId);
        var unstable = Unstable(group.GroupId, requireStable);
        return new()
        {
            GroupId = group.GroupId,
            Topics =
            [
                .. wanted.Select(topic => new OffsetFetchResponse.OffsetFetchResponseTopics
                {
                    Name = topic.Name,
                    Partitions = topic.PartitionIndexes.ConvertAll(index =>
                    {
                        var (committed, error) = Find(group.GroupId, new TopicPartition(topic.Name, index), unstable);
                        return new OffsetFetchResponse.OffsetFetchResponsePartitions
                        {
                            ErrorCode = error,
                            PartitionIndex = index,
                            CommittedOffset = committed.Offset,
                            CommittedLeaderEpoch = committed.LeaderEpoch,
                            Metadata = committed.Metadata,
                        };
                    }),
                }),
            ],
        };
    }

    private IEnumerable<(string Name, List<int> PartitionIndexes)> AllOf(string group) =>
        services.Groups.Offsets.OffsetsOf(group)
            .GroupBy(o => o.Topic, o => o.Partition)
            .Select(topic => (topic.Key, topic.Order().ToList()));

    /// <summary>Asked before the offsets are read: what is not pending any more is there by then.</summary>
    private IReadOnlySet<TopicPartition> Unstable(string group, bool requireStable) =>
        requireStable ? services.Transactions.PendingOffsets(group) : FrozenSet<TopicPartition>.Empty;

    private (CommittedOffset Committed, ErrorCode Error) Find(string group, TopicPartition partition, IReadOnlySet<TopicPartition> unstable) =>
        unstable.Contains(partition)
            ? (NoCommit, ErrorCode.UnstableOffsetCommit)
            : (services.Groups.Offsets.OffsetOf(group, partition.Topic, partition.Partition) ?? NoCommit, ErrorCode.None);
}
