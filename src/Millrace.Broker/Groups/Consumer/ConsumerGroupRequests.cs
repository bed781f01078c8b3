using Millrace.Protocol;

namespace Millrace.Broker.Groups.Consumer;

/// <summary>A ConsumerGroupHeartbeat as the group sees it. What is null has not changed.</summary>
internal sealed record ConsumerHeartbeat
{
    /// <summary>The epoch with which a member leaves.</summary>
    public const int Leaves = -1;

    /// <summary>The epoch with which a static member leaves that will come back.</summary>
    public const int LeavesForAMoment = -2;

    /// <summary>Empty for one that joins in version 0, where it is given an id.</summary>
    public required string MemberId { get; init; }

    /// <summary>0 to join.</summary>
    public required int MemberEpoch { get; init; }

    public required string? InstanceId { get; init; }

    public required string? RackId { get; init; }

    public required string ClientId { get; init; }

    public required string ClientHost { get; init; }

    public required TimeSpan? RebalanceTimeout { get; init; }

    public required IReadOnlySet<string>? TopicNames { get; init; }

    /// <summary>Without any text: no expression any more.</summary>
    public required SubscriptionPattern? Pattern { get; init; }

    public required string? Assignor { get; init; }

    public required IReadOnlySet<TopicIdPartition>? Owned { get; init; }

    /// <summary>Says everything, as a member does that joins or has lost track: it is told everything, too.</summary>
    public bool IsFull => RebalanceTimeout is not null && (TopicNames is not null || Pattern is not null) && Owned is not null;
}

/// <summary>The answer to a ConsumerGroupHeartbeat.</summary>
internal sealed record ConsumerHeartbeatResult(ErrorCode Error, string? Message)
{
    public string? MemberId { get; init; }

    public int MemberEpoch { get; init; }

    public TimeSpan Interval { get; init; }

    /// <summary>Null: as before.</summary>
    public IReadOnlyList<TopicIdPartition>? Assignment { get; init; }

    public static ConsumerHeartbeatResult Refused(ErrorCode error, string message) => new(error, message);
}

/// <summary>A group as ConsumerGroupDescribe shows it.</summary>
internal sealed record ConsumerGroupView(
    string Id, ConsumerGroupState State, int Epoch, int AssignmentEpoch, string Assignor, IReadOnlyList<ConsumerMemberView> Members);

internal sealed record ConsumerMemberView
{
    public required string Id { get; init; }

    public required string? InstanceId { get; init; }

    public required string? RackId { get; init; }

    public required int Epoch { get; init; }

    public required string ClientId { get; init; }

    public required string ClientHost { get; init; }

    public required IReadOnlyList<string> TopicNames { get; init; }

    public required string? Pattern { get; init; }

    /// <summary>What it was told to have, and what it has not said that it gave up.</summary>
    public required IReadOnlyList<TopicIdPartition> Has { get; init; }

    public required IReadOnlyList<TopicIdPartition> Target { get; init; }
}
