namespace Millrace.Operations.Positions;

/// <summary>How a partition's position stands to its log.</summary>
public enum PartitionCondition
{
    /// <summary>The position lies in the log, or nothing was committed yet.</summary>
    Ok,

    /// <summary>The log begins after the position: retention removed records that were not read.</summary>
    BeforeLog,

    /// <summary>The log ends before the position: it was truncated.</summary>
    AfterLog,

    /// <summary>The topic was deleted and made again since the position was committed.</summary>
    TopicRecreated,

    /// <summary>The topic has no such partition, or there is no such topic.</summary>
    NoSuchPartition,
}
