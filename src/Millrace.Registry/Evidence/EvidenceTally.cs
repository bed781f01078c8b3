namespace Millrace.Registry.Evidence;

/// <summary>Counts of all connections together.</summary>
internal sealed class EvidenceTally(long total, Action<long, long>? progress)
{
    // Enough for a person to see what it is about.
    private const int MaxExamples = 3;

    private readonly Lock _gate = new();
    private readonly List<RejectedEvent> _examples = [];
    private long _events;
    private long _rejected;
    private long _letters;
    private long _rescued;

    public bool WantsExamples
    {
        get
        {
            lock (_gate)
                return _examples.Count < MaxExamples;
        }
    }

    public void AddSlice(long events, long rejected)
    {
        Interlocked.Add(ref _rejected, rejected);
        var done = Interlocked.Add(ref _events, events);
        progress?.Invoke(Math.Min(done, total), total);
    }

    public void AddExample(RejectedEvent example)
    {
        lock (_gate)
        {
            if (_examples.Count < MaxExamples)
                _examples.Add(example);
        }
    }

    public void AddLetter(bool rescued)
    {
        Interlocked.Increment(ref _letters);
        if (rescued)
            Interlocked.Increment(ref _rescued);
    }

    public EvidenceReport Report(DateTimeOffset since) => new(since, _events, _rejected, [.. _examples], _letters, _rescued);
}
