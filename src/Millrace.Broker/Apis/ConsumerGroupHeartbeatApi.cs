using Millrace.Broker.Groups.Consumer;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// ConsumerGroupHeartbeat, versions 0 and 1: all that a member of the new group protocol (KIP-848) says and hears: it joins, learns what it is
/// to read, tells what it reads, and leaves. 0: a member that joins without an id is given one; 1: it has one, and may subscribe by a regular expression.
/// <para>Not as Kafka: a member of a group that is not there gets UNKNOWN_MEMBER_ID, since this broker forgets members when it is started anew,
/// and they are to join again. Regular expressions are .NET's (<see cref="SubscriptionPattern"/>), looked up at once and not after
/// some seconds. A group with members of the classic protocol takes none of this one (<c>group.consumer.migration.policy</c> is disabled).
/// What a member subscribes to is limited to 1 MiB, as in JoinGroup.</para>
/// </summary>
internal sealed class ConsumerGroupHeartbeatApi(BrokerServices services)
    : Api<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse>(minVersion: 0, maxVersion: 1)
{
    private const short MemberHasItsId = 1;
    private const int MaxSubscriptionCharacters = 1024 * 1024;

    protected override ValueTask<ConsumerGroupHeartbeatResponse?> HandleAsync(ConsumerGroupHeartbeatRequest request, RequestContext context)
    {
        var result = Check(request, context.Version, out var pattern)
            ?? services.Groups.Heartbeat(request.GroupId, ToHeartbeat(request, pattern, context));
        return ValueTask.FromResult<ConsumerGroupHeartbeatResponse?>(new()
        {
            ErrorCode = result.Error,
            ErrorMessage = result.Message,
            MemberId = result.MemberId,
            MemberEpoch = result.MemberEpoch,
            HeartbeatIntervalMs = (int)result.Interval.TotalMilliseconds,
            Assignment = result.Assignment is null ? null : new()
            {
                TopicPartitions =
                [
                    .. result.Assignment.GroupBy(p => p.Topic, p => p.Partition).Select(topic => new ConsumerGroupHeartbeatResponse.AssignedPartitions
                    {
                        TopicId = topic.Key, Partitions = [.. topic.Order()],
                    }),
                ],
            },
        });
    }

    /// <summary>What is wrong with the request by itself, in Kafka's order and words.</summary>
    private ConsumerHeartbeatResult? Check(ConsumerGroupHeartbeatRequest request, short version, out SubscriptionPattern? pattern)
    {
        pattern = null;
        var mustHaveId = version >= MemberHasItsId || request.MemberEpoch is > 0 or ConsumerHeartbeat.Leaves;
        var wrong =
            mustHaveId && IsBlank(request.MemberId) ? "MemberId can't be empty."
            : IsBlank(request.GroupId) ? "GroupId can't be empty."
            : IsBlank(request.InstanceId) ? "InstanceId can't be empty."
            : IsBlank(request.RackId) ? "RackId can't be empty."
            : request.MemberEpoch == 0 && request.RebalanceTimeoutMs == -1 ? "RebalanceTimeoutMs must be provided in first request."
            : request.MemberEpoch == 0 && request.TopicPartitions is not { Count: 0 } ? "TopicPartitions must be empty when (re-)joining."
            : request.MemberEpoch == 0 && request.SubscribedTopicNames is null && request.SubscribedTopicRegex is null
                ? "Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining."
            : request.MemberEpoch == ConsumerHeartbeat.LeavesForAMoment && request.InstanceId is null ? "InstanceId can't be null."
            : request.MemberEpoch < ConsumerHeartbeat.LeavesForAMoment ? "MemberEpoch is invalid."
            : (request.SubscribedTopicNames?.Sum(n => (long)n.Length) ?? 0) + (request.SubscribedTopicRegex?.Length ?? 0) > MaxSubscriptionCharacters
                ? $"A subscription may have {MaxSubscriptionCharacters} characters."
            : null;
        if (wrong is not null)
            return ConsumerHeartbeatResult.Refused(ErrorCode.InvalidRequest, wrong);

        var assignors = services.Settings.ConsumerGroupAssignors;
        if (request.ServerAssignor is not null && !assignors.Contains(request.ServerAssignor))
        {
            return ConsumerHeartbeatResult.Refused(
                ErrorCode.UnsupportedAssignor,
                $"ServerAssignor {request.ServerAssignor} is not supported. Supported assignors: {string.Join(", ", assignors)}.");
        }

        return request.SubscribedTopicRegex is null || SubscriptionPattern.TryParse(request.SubscribedTopicRegex, out pattern)
            ? null
            : ConsumerHeartbeatResult.Refused(
                ErrorCode.InvalidRegularExpression, $"SubscribedTopicRegex `{request.SubscribedTopicRegex}` is not a valid regular expression.");
    }

    /// <summary>As in Kafka, null is not empty, and white space is.</summary>
    private static bool IsBlank(string? value) => value is not null && string.IsNullOrWhiteSpace(value);

    private static ConsumerHeartbeat ToHeartbeat(ConsumerGroupHeartbeatRequest request, SubscriptionPattern? pattern, RequestContext context) => new()
    {
        MemberId = request.MemberId,
        MemberEpoch = request.MemberEpoch,
        InstanceId = request.InstanceId,
        RackId = request.RackId,
        ClientId = context.ClientId,
        ClientHost = context.ClientHost,
        RebalanceTimeout = request.RebalanceTimeoutMs == -1 ? null : TimeSpan.FromMilliseconds(Math.Max(0, request.RebalanceTimeoutMs)),
        TopicNames = request.SubscribedTopicNames?.ToHashSet(StringComparer.Ordinal),
        Pattern = pattern,
        Assignor = request.ServerAssignor,
        Owned = request.TopicPartitions?.SelectMany(t => t.Partitions.Select(p => new TopicIdPartition(t.TopicId, p))).ToHashSet(),
    };
}
