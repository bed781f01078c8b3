namespace Millrace.Broker.Groups.Consumer;

/// <summary>Where a group of the new protocol is. The names are on the wire, in ConsumerGroupDescribe and ListGroups.</summary>
internal enum ConsumerGroupState
{
    /// <summary>No members; offsets may be there.</summary>
    Empty,

    /// <summary>Something has changed, and the assignment is still that of before.</summary>
    Assigning,

    /// <summary>Some member does not have yet what it is to have.</summary>
    Reconciling,

    Stable,

    /// <summary>Taken out of the coordinator.</summary>
    Dead,
}
