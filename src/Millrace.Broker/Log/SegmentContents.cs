namespace Millrace.Broker.Log;

/// <summary>What is in a segment file, from a scan or from the snapshot that was saved beside it.</summary>
/// <param name="Index">Sparse, from offset and time to position.</param>
/// <param name="Length">Bytes of whole batches.</param>
/// <param name="NextOffset">The offset behind the last record.</param>
/// <param name="MaxTimestamp">The newest of all; <see cref="long.MinValue"/> when there is none.</param>
internal sealed record SegmentContents(SegmentIndex Index, long Length, long NextOffset, long MaxTimestamp)
{
    public static SegmentContents Empty(long baseOffset) => new(new SegmentIndex(baseOffset), 0, baseOffset, long.MinValue);
}
