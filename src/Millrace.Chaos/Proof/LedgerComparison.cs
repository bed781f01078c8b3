namespace Millrace.Chaos.Proof;

/// <summary>
/// The ledger against everything else: its ranges chain from the first offset of a partition to the last, and in each of them it counted
/// as many rows and dead letters as there are, and as many records as the topic has.
/// </summary>
internal static class LedgerComparison
{
    private const int MostSentences = 20;

    /// <param name="ends">The end offset of each partition.</param>
    public static IReadOnlyList<string> Differences(DatabaseContents database, IReadOnlyList<long> ends)
    {
        var rows = ByPartition(database.Events.Select(row => (row.Partition, row.Offset)), ends.Count);
        var dead = ByPartition(database.DeadLetters.Select(row => (row.Partition, row.Offset)), ends.Count);
        var ranges = database.Ledger.ToLookup(range => range.Partition);
        return [.. Enumerable.Range(0, ends.Count)
            .SelectMany(partition => Differences([.. ranges[partition].OrderBy(range => range.From)], rows[partition], dead[partition], partition, ends[partition]))
            .Take(MostSentences)];
    }

    private static IEnumerable<string> Differences(
        IReadOnlyList<LedgerRange> ranges, IReadOnlyList<long> rows, IReadOnlyList<long> dead, int partition, long end)
    {
        var expected = 0L;
        foreach (var range in ranges)
        {
            if (range.From > expected)
                yield return $"{range} leaves a gap from {expected}";
            else if (range.From < expected)
                yield return $"{range} overlaps what ended at {expected}";
            expected = Math.Max(expected, range.To);

            var width = range.To - range.From;
            var counted = (long)range.Inserted + range.Duplicates + range.Dead + range.Parked;
            if (counted != width)
                yield return $"{range} has {width} records and counts {counted}";
            if (Count(rows, range) is var stored && stored != range.Inserted)
                yield return $"{range} counts {range.Inserted} rows, the table has {stored}";
            if (Count(dead, range) is var deadLetters && deadLetters != range.Dead)
                yield return $"{range} counts {range.Dead} dead letters, the table has {deadLetters}";
        }

        if (expected != end)
            yield return $"partition {partition} ends at {end}, the ledger at {expected}";
    }

    private static long[][] ByPartition(IEnumerable<(int Partition, long Offset)> places, int partitions)
    {
        var lookup = places.ToLookup(place => place.Partition, place => place.Offset);
        return [.. Enumerable.Range(0, partitions).Select(partition => lookup[partition].Order().ToArray())];
    }

    private static long Count(IReadOnlyList<long> sorted, LedgerRange range) => LowerBound(sorted, range.To) - LowerBound(sorted, range.From);

    private static int LowerBound(IReadOnlyList<long> sorted, long value)
    {
        var (low, high) = (0, sorted.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
