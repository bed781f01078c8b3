namespace Millrace.Broker.Groups.Consumer;

/// <summary>What a group of the new protocol may take, and for how long it waits.</summary>
internal sealed record ConsumerGroupLimits
{
    public required TimeSpan SessionTimeout { get; init; }

    /// <summary>How often members are told to call.</summary>
    public required TimeSpan HeartbeatInterval { get; init; }

    /// <summary>The least time between two assignments, so that members that come together are assigned together.</summary>
    public required TimeSpan AssignmentInterval { get; init; }

    public required int MaxMembers { get; init; }

    /// <summary>What members may vote for; the first where nobody does.</summary>
    public required string[] Assignors { get; init; }
}
