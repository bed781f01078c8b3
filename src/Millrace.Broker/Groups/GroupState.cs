namespace Millrace.Broker.Groups;

/// <summary>
/// Where a group is in its life: Empty → PreparingRebalance → CompletingRebalance → Stable → (PreparingRebalance …).
/// The names are on the wire, in DescribeGroups and ListGroups.
/// </summary>
internal enum GroupState
{
    /// <summary>No members; offsets may be there.</summary>
    Empty,

    /// <summary>Waits for all members to join.</summary>
    PreparingRebalance,

    /// <summary>Everybody has joined; waits for the leader's assignment.</summary>
    CompletingRebalance,

    Stable,

    /// <summary>Taken out of the coordinator; whoever still holds it looks the group up again.</summary>
    Dead,
}
