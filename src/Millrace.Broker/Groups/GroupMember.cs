namespace Millrace.Broker.Groups;

/// <summary>One way of assigning partitions that a member offers, with what the member says to the leader in it.</summary>
internal readonly record struct GroupProtocol(string Name, byte[] Metadata);

/// <summary>A member of a group. Owned by its <see cref="Group"/>; read and changed only under the group's lock.</summary>
internal sealed class GroupMember
{
    public required string Id { get; set; }

    /// <summary>The <c>group.instance.id</c> of a static member, which keeps its place over a restart.</summary>
    public required string? InstanceId { get; init; }

    public required string ClientId { get; set; }

    public required string ClientHost { get; set; }

    public required TimeSpan SessionTimeout { get; set; }

    public required TimeSpan RebalanceTimeout { get; set; }

    public required GroupProtocol[] Protocols { get; set; }

    public byte[] Assignment { get; set; } = [];

    /// <summary>When the member is dropped if nothing is heard of it. Time since the provider's zero.</summary>
    public TimeSpan SessionDeadline { get; set; }

    /// <summary>Has not been part of a generation yet: a parked join is all that there is of it.</summary>
    public bool IsNew { get; set; } = true;

    /// <summary>Has not sent SyncGroup in this generation.</summary>
    public bool SyncIsPending { get; set; }

    /// <summary>The parked JoinGroup.</summary>
    public TaskCompletionSource<JoinResult>? Join { get; set; }

    /// <summary>The parked SyncGroup.</summary>
    public TaskCompletionSource<SyncResult>? Sync { get; set; }

    /// <summary>A parked request stands for a heartbeat; a new member's is limited, since nobody may be waiting for the answer.</summary>
    public bool MayExpire => IsNew || (Join is null && Sync is null);

    public bool Offers(GroupProtocol[] protocols)
    {
        if (protocols.Length != Protocols.Length)
            return false;

        for (var i = 0; i < protocols.Length; i++)
        {
            if (protocols[i].Name != Protocols[i].Name || !protocols[i].Metadata.AsSpan().SequenceEqual(Protocols[i].Metadata))
                return false;
        }

        return true;
    }

    public bool Supports(string protocol) => Array.Exists(Protocols, p => p.Name == protocol);

    public byte[] MetadataOf(string protocol) => Array.Find(Protocols, p => p.Name == protocol).Metadata ?? [];
}
