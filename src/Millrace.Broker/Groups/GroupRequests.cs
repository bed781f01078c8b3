using Millrace.Protocol;

namespace Millrace.Broker.Groups;

/// <summary>A JoinGroup request as the group sees it.</summary>
internal sealed record JoinInput
{
    public required string MemberId { get; init; }

    public required string? InstanceId { get; init; }

    public required string ClientId { get; init; }

    public required string ClientHost { get; init; }

    public required TimeSpan SessionTimeout { get; init; }

    public required TimeSpan RebalanceTimeout { get; init; }

    public required string ProtocolType { get; init; }

    public required GroupProtocol[] Protocols { get; init; }

    /// <summary>From v4 on a member without an id is given one and told to come again with it.</summary>
    public required bool MustKnowItsId { get; init; }

    /// <summary>From v9 on a static leader that comes back can be told to leave the assignment alone.</summary>
    public required bool CanSkipAssignment { get; init; }
}

/// <summary>What the leader is told of a member.</summary>
internal readonly record struct JoinedMember(string Id, string? InstanceId, byte[] Metadata);

/// <summary>The answer to JoinGroup.</summary>
internal sealed record JoinResult(ErrorCode Error, string MemberId)
{
    public int Generation { get; init; } = -1;

    public string? ProtocolType { get; init; }

    public string? ProtocolName { get; init; }

    public string Leader { get; init; } = "";

    public bool SkipAssignment { get; init; }

    /// <summary>All members for the leader, nothing for the others.</summary>
    public IReadOnlyList<JoinedMember> Members { get; init; } = [];
}

/// <summary>A SyncGroup request as the group sees it.</summary>
internal sealed record SyncInput(string MemberId, string? InstanceId, int Generation)
{
    public string? ProtocolType { get; init; }

    public string? ProtocolName { get; init; }

    /// <summary>From the leader: what each member gets.</summary>
    public IReadOnlyDictionary<string, byte[]> Assignments { get; init; } = new Dictionary<string, byte[]>();
}

/// <summary>The answer to SyncGroup.</summary>
internal sealed record SyncResult(ErrorCode Error)
{
    public string? ProtocolType { get; init; }

    public string? ProtocolName { get; init; }

    public byte[] Assignment { get; init; } = [];
}

/// <summary>A member that leaves; without an id an administrator removes the static member of that instance.</summary>
internal readonly record struct LeavingMember(string MemberId, string? InstanceId);

/// <summary>Who wants to commit offsets.</summary>
/// <param name="MemberId">Empty for a consumer in no group.</param>
/// <param name="InstanceId">Of a static member.</param>
/// <param name="Epoch">The generation or member epoch; negative for a consumer in no group.</param>
/// <param name="IsTransactional">The commit takes effect with its transaction.</param>
/// <param name="KnowsMemberEpochs">The request is of a version that has a meaning in the new protocol.</param>
internal readonly record struct Committer(string MemberId, string? InstanceId, int Epoch, bool IsTransactional, bool KnowsMemberEpochs);

/// <summary>A group as ListGroups shows it.</summary>
internal sealed record GroupListing(string Id, string State, string Type, string ProtocolType);

/// <summary>A group of the classic protocol as DescribeGroups shows it.</summary>
internal sealed record GroupView(string Id, GroupState State, string ProtocolType, string Protocol, IReadOnlyList<GroupMemberView> Members);

internal sealed record GroupMemberView(string Id, string? InstanceId, string ClientId, string ClientHost, byte[] Metadata, byte[] Assignment);
