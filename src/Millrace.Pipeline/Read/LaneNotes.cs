namespace Millrace.Pipeline.Read;

/// <summary>What the poll thread notes about a lane's partition on the broker's side.</summary>
internal sealed class LaneNotes
{
    private long _begin = -1;
    private long _end = -1;

    /// <summary>The broker's first offset as last seen; -1 when unknown. From any thread.</summary>
    public long BeginOffset
    {
        get => Volatile.Read(ref _begin);
        set => Volatile.Write(ref _begin, value);
    }

    /// <summary>The broker's end offset as last seen; -1 when unknown. From any thread.</summary>
    public long EndOffset
    {
        get => Volatile.Read(ref _end);
        set => Volatile.Write(ref _end, value);
    }

    /// <summary>What Kafka was last told about the position.</summary>
    public long StoredOffset { get; set; } = -1;

    /// <summary>Whether fetching is paused.</summary>
    public bool IsPaused { get; set; }
}
