using Millrace.Broker.Groups.Consumer;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// ConsumerGroupDescribe, versions 0 and 1: a group of the new protocol, how far it is, and what each member has and is to have. 1 on: the
/// protocol of each member. As Kafka: a group of the classic protocol gets GROUP_ID_NOT_FOUND, and clients ask DescribeGroups. Authorized operations are
/// not told, since there are no access control lists.
/// </summary>
internal sealed class ConsumerGroupDescribeApi(BrokerServices services)
    : Api<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse>(minVersion: 0, maxVersion: 1)
{
    private const sbyte MemberOfTheNewProtocol = 1;

    protected override ValueTask<ConsumerGroupDescribeResponse?> HandleAsync(ConsumerGroupDescribeRequest request, RequestContext context) =>
        ValueTask.FromResult<ConsumerGroupDescribeResponse?>(new() { Groups = request.GroupIds.ConvertAll(Describe) });

    private ConsumerGroupDescribeResponse.DescribedGroup Describe(string id)
    {
        if (id.Length == 0)
            return new() { ErrorCode = ErrorCode.InvalidGroupId };
        var (group, missing) = services.Groups.DescribeConsumers(id);
        if (group is null)
            return new() { GroupId = id, ErrorCode = ErrorCode.GroupIdNotFound, ErrorMessage = missing };

        return new()
        {
            GroupId = group.Id,
            GroupState = group.State.ToString(),
            GroupEpoch = group.Epoch,
            AssignmentEpoch = group.AssignmentEpoch,
            AssignorName = group.Assignor,
            Members = [.. group.Members.Select(Describe)],
        };
    }

    private ConsumerGroupDescribeResponse.Member Describe(ConsumerMemberView member) => new()
    {
        MemberId = member.Id,
        InstanceId = member.InstanceId,
        RackId = member.RackId,
        MemberEpoch = member.Epoch,
        ClientId = member.ClientId,
        ClientHost = member.ClientHost,
        SubscribedTopicNames = [.. member.TopicNames],
        SubscribedTopicRegex = member.Pattern ?? "",
        Assignment = Describe(member.Has),
        TargetAssignment = Describe(member.Target),
        MemberType = MemberOfTheNewProtocol,
    };

    /// <summary>A topic that has been deleted meanwhile is left out.</summary>
    private ConsumerGroupDescribeResponse.Assignment Describe(IReadOnlyList<TopicIdPartition> partitions) => new()
    {
        TopicPartitions =
        [
            .. from partition in partitions
               group partition.Partition by partition.Topic into topic
               let shape = services.Groups.Topics.Find(topic.Key)
               where shape is not null
               orderby shape.Value.Name
               select new ConsumerGroupDescribeResponse.AssignedPartitions
               {
                   TopicId = topic.Key, TopicName = shape.Value.Name, Partitions = [.. topic.Order()],
               },
        ],
    };
}
