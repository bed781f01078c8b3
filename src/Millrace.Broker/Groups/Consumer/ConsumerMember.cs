namespace Millrace.Broker.Groups.Consumer;

/// <summary>How far a member is with what it is to have. Only <see cref="Stable"/> at the epoch of the assignment is where it should be.</summary>
internal enum ReconciliationState
{
    /// <summary>Has what it was told, and nothing is missing.</summary>
    Stable,

    /// <summary>Has been told to give partitions up, and has not said that it did.</summary>
    Unrevoked,

    /// <summary>Is to have partitions that somebody else has not given up.</summary>
    Unreleased,
}

/// <summary>A member of a group of the new protocol. Owned by its <see cref="ConsumerGroup"/>; read and changed only under the group's lock.</summary>
internal sealed class ConsumerMember
{
    public required string Id { get; set; }

    /// <summary>The <c>group.instance.id</c> of a static member, which keeps its place over a restart.</summary>
    public required string? InstanceId { get; init; }

    public string? RackId { get; set; }

    public string ClientId { get; set; } = "";

    public string ClientHost { get; set; } = "";

    /// <summary>How long it may take to give partitions up.</summary>
    public TimeSpan RebalanceTimeout { get; set; }

    public IReadOnlySet<string> TopicNames { get; set; } = new HashSet<string>();

    /// <summary>Null: it reads the topics that it names, and no others.</summary>
    public SubscriptionPattern? Pattern { get; set; }

    /// <summary>The assignor that it votes for; null: any.</summary>
    public string? Assignor { get; set; }

    /// <summary>The epoch of the assignment that it works on; 0 until it has one, -2 while a static member is away.</summary>
    public int Epoch { get; private set; }

    /// <summary>The one before, with which it may ask once more when the answer that held the new one was lost.</summary>
    public int PreviousEpoch { get; private set; }

    public ReconciliationState State { get; set; }

    /// <summary>What it was told to have, each with the epoch in which it got it: commits of that epoch and later are taken.</summary>
    public Dictionary<TopicIdPartition, int> Assigned { get; set; } = [];

    /// <summary>What it was told to give up. Nobody else gets it before it did.</summary>
    public Dictionary<TopicIdPartition, int> PendingRevocation { get; set; } = [];

    /// <summary>What it is to have in the end.</summary>
    public HashSet<TopicIdPartition> Target { get; set; } = [];

    /// <summary>The topics that it reads and that are there, by name and expression.</summary>
    public IReadOnlySet<Guid> Topics { get; set; } = new HashSet<Guid>();

    /// <summary>When the member is put out if nothing is heard of it. Time since the provider's zero.</summary>
    public TimeSpan SessionDeadline { get; set; }

    /// <summary>When the member is put out if it has not given up what it is to.</summary>
    public TimeSpan RevocationDeadline { get; set; } = TimeSpan.MaxValue;

    public void MoveTo(int epoch) => (PreviousEpoch, Epoch) = (Epoch, epoch);

    /// <summary>To begin anew (0), or away for a moment (-2): there is no epoch before.</summary>
    public void ResetTo(int epoch) => (PreviousEpoch, Epoch) = (epoch, epoch);
}
