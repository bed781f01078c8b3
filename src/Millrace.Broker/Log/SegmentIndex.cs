using System.Runtime.InteropServices;

namespace Millrace.Broker.Log;

/// <summary>
/// Where a batch begins in the file, and the newest timestamp of everything before it in the segment.
/// </summary>
internal readonly record struct IndexEntry(long Offset, int Position, long MaxTimestampBefore);

/// <summary>
/// The sparse index of a segment: an entry for the first batch that begins at least <see cref="Interval"/> bytes behind the last
/// one, so that any batch begins less than that behind its entry. One writer, many readers.
/// </summary>
internal sealed class SegmentIndex
{
    /// <summary>
    /// 16 KiB: what a fetch reads in vain is at most that, some microseconds from the page cache, and the index of 100 GiB
    /// takes 150 MB.
    /// </summary>
    public const int Interval = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly List<IndexEntry> _entries;

    public SegmentIndex(long baseOffset) => _entries = [new IndexEntry(baseOffset, 0, long.MinValue)];

    public SegmentIndex(IEnumerable<IndexEntry> entries) => _entries = [.. entries];

    public IReadOnlyList<IndexEntry> Entries
    {
        get
        {
            lock (_gate)
                return [.. _entries];
        }
    }

    public void Offer(IndexEntry entry)
    {
        lock (_gate)
        {
            if (entry.Position - _entries[^1].Position >= Interval)
                _entries.Add(entry);
        }
    }

    /// <summary>The last entry at or before the offset.</summary>
    public IndexEntry Floor(long offset)
    {
        lock (_gate)
            return _entries[LastWhere(offset, static (entry, target) => entry.Offset <= target)];
    }

    /// <summary>The last entry that has nothing as new as the timestamp before it.</summary>
    public IndexEntry FloorByTimestamp(long timestamp)
    {
        lock (_gate)
            return _entries[LastWhere(timestamp, static (entry, target) => entry.MaxTimestampBefore < target)];
    }

    /// <summary>Both conditions hold for a prefix of the entries, and always for the first.</summary>
    private int LastWhere(long target, Func<IndexEntry, long, bool> holds)
    {
        var entries = CollectionsMarshal.AsSpan(_entries);
        var (low, high) = (0, entries.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (holds(entries[middle], target))
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }
}
