namespace Millrace.Operations.Positions;

/// <summary>Where a partition is to go on.</summary>
public enum ResolveTarget
{
    /// <summary>At <see cref="ResolveRequest.Offset"/>.</summary>
    Offset,

    /// <summary>At the first offset that the broker has.</summary>
    Earliest,

    /// <summary>At the end of the log: what is there now is given up.</summary>
    Latest,

    /// <summary>At the start of a topic that was deleted and made again.</summary>
    RecreatedTopic,
}
