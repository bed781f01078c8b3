using Millrace.Broker.Groups.Consumer;
using Millrace.Protocol;

namespace Millrace.Broker.Groups;

internal sealed partial class GroupCoordinator
{
    /// <summary>The topics as groups of the new protocol see them.</summary>
    public ITopicShapes Topics => _topics;

    /// <summary>ConsumerGroupDescribe: the group, or why there is none.</summary>
    public (ConsumerGroupView? Group, string? Missing) DescribeConsumers(string id) => _groups.GetValueOrDefault(id) switch
    {
        ConsumerGroup { IsDead: false } group => (group.View(), null),
        { IsDead: false } => (null, $"Group {id} is not a consumer group."),
        _ => (null, $"Group {id} not found."),
    };

    /// <summary>Whether a commit under an epoch that is not the member's any more is to be taken for this partition all the same.</summary>
    public bool TakesLateCommit(string groupId, Committer committer, TopicIdPartition partition) =>
        committer.KnowsMemberEpochs
        && _groups.GetValueOrDefault(groupId) is ConsumerGroup group && group.HasHadSince(committer.MemberId, committer.Epoch, partition);

    /// <summary>ConsumerGroupHeartbeat of a member that joins, is there, or leaves.</summary>
    public ConsumerHeartbeatResult Heartbeat(string groupId, ConsumerHeartbeat beat)
    {
        while (true)
        {
            if (!_groups.TryGetValue(groupId, out var group))
            {
                if (beat.MemberEpoch != 0)
                    return Unknown(groupId, beat);
                if ((group = GetOrAdd(groupId, NewConsumerGroup)) is null)
                    return ConsumerHeartbeatResult.Refused(ErrorCode.GroupMaxSizeReached, $"The broker has its maximum of {_settings.MaxGroups} groups.");
            }

            if (group is ConsumerGroup consumers)
            {
                var result = beat.MemberEpoch < 0 ? consumers.Leave(beat) : consumers.Heartbeat(beat);
                if (!consumers.IsDead)
                    return result;
                _groups.TryRemove(new KeyValuePair<string, Group>(groupId, group));
            }
            else if (beat.MemberEpoch != 0 && group.Listing().State == nameof(GroupState.Empty))
            {
                return Unknown(groupId, beat);
            }
            else if (beat.MemberEpoch != 0 || !TryReplace(group, NewConsumerGroup))
            {
                return ConsumerHeartbeatResult.Refused(ErrorCode.GroupIdNotFound, $"Group {groupId} is not a consumer group.");
            }
        }
    }

    /// <summary>
    /// A member that this broker knew before it was started anew: UNKNOWN_MEMBER_ID makes it join again, where Kafka's GROUP_ID_NOT_FOUND
    /// would end it. To one that leaves it does not matter, and it is told as Kafka does.
    /// </summary>
    private static ConsumerHeartbeatResult Unknown(string groupId, ConsumerHeartbeat beat) => beat.MemberEpoch < 0
        ? ConsumerHeartbeatResult.Refused(ErrorCode.GroupIdNotFound, $"Group {groupId} not found.")
        : ConsumerHeartbeatResult.Refused(ErrorCode.UnknownMemberId, $"Member {beat.MemberId} is not a member of group {groupId}.");

    private ConsumerGroup NewConsumerGroup(string id) => new(id, _consumerLimits, _topics, _settings.Time);
}
