namespace Millrace.Operations.Positions;

/// <summary>What came of a request to resolve a partition.</summary>
public enum ResolveOutcome
{
    /// <summary>The position was moved.</summary>
    Moved,

    /// <summary>It would be moved (a dry run).</summary>
    WouldMove,

    /// <summary>It is there already; nothing was changed.</summary>
    AlreadyThere,

    /// <summary>Refused: the offset is outside the log.</summary>
    OutsideLog,

    /// <summary>Refused: it would go backwards, and that was not allowed.</summary>
    Backwards,

    /// <summary>Refused: the topic was made again, which has to be accepted first.</summary>
    TopicRecreated,

    /// <summary>Refused: the topic is the one that the position was committed for.</summary>
    TopicNotRecreated,

    /// <summary>Refused: the topic has no such partition, or there is no such topic.</summary>
    NoSuchPartition,

    /// <summary>Refused: no position was ever committed for the partition, so nothing needs to be resolved.</summary>
    NoPosition,
}
