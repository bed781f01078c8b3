namespace Millrace.Pipeline.Ingest;

/// <summary>The offsets of one partition that were acknowledged since they were last taken, as runs: they come nearly in order, so a run is long.</summary>
internal sealed class AcceptedOffsets
{
    // Each run is a hole that another producer's records made. What is noted waits while PostgreSQL is away: 100,000 runs are 1.6 MB.
    private const int MaxRuns = 100_000;

    private readonly List<(long From, long To)> _runs = [];

    public DateTimeOffset Since { get; private set; }

    public DateTimeOffset Until { get; private set; }

    /// <summary>How many offsets the runs hold.</summary>
    public long Count { get; private set; }

    /// <summary>Half-open runs, in the order in which they came.</summary>
    public IReadOnlyList<(long From, long To)> Runs => _runs;

    /// <summary>Notes an offset; false when there is no room, and it is not noted.</summary>
    public bool TryAdd(long offset, DateTimeOffset now)
    {
        if (_runs.Count > 0 && _runs[^1].To == offset)
            _runs[^1] = (_runs[^1].From, offset + 1);
        else if (_runs.Count < MaxRuns)
            _runs.Add((offset, offset + 1));
        else
            return false;

        if (Count++ == 0)
            Since = now;
        Until = now;
        return true;
    }
}
