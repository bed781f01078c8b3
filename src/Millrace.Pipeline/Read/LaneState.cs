namespace Millrace.Pipeline.Read;

/// <summary>What a lane is doing.</summary>
internal enum LaneState
{
    /// <summary>It takes records and commits them.</summary>
    Running,

    /// <summary>It was told to stop and did.</summary>
    Stopped,

    /// <summary>Another writer owns the partition. Nothing of it may be written here any more.</summary>
    Fenced,

    /// <summary>The broker no longer has, or never had, the records that come next; a person has to decide.</summary>
    Stranded,
}
