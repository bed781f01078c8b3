namespace Millrace.Pipeline.Read;

/// <summary>
/// Where a lane's records gather while its last transaction commits: the poll thread adds, the lane takes all there is at once and leaves an
/// empty buffer. So what waits and what is being written are bounded by one limit each, and a record costs no hand-over of its own.
/// </summary>
/// <remarks>One thread adds, one task takes.</remarks>
internal sealed class Inbox(LaneLimits limits)
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly ManualResetEventSlim _roomMade = new(false);
    private RecordBuffer _gathering = new();
    private bool _completed;

    /// <summary>Whether nothing must be added for now. The record that fills it has still fitted in, so adding never waits.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
                return _gathering.Count >= limits.MaxRecords || _gathering.Bytes >= limits.MaxBytes;
        }
    }

    /// <summary>Adds a copy of the record; says whether the inbox is full now. Does nothing after <see cref="Complete"/>.</summary>
    public bool Add(in Record record)
    {
        lock (_gate)
        {
            if (_completed)
                return false;
            _gathering.Add(record);
            if (_gathering.Count == 1)
                _arrived.Release();
            return _gathering.Count >= limits.MaxRecords || _gathering.Bytes >= limits.MaxBytes;
        }
    }

    /// <summary>Waits until something was taken; false when nothing was within <paramref name="limit"/>.</summary>
    public bool WaitForRoom(TimeSpan limit, CancellationToken cancellationToken)
    {
        // In this order: what is taken after the reset sets it again.
        _roomMade.Reset();
        return !IsFull || _roomMade.Wait(limit, cancellationToken);
    }

    /// <summary>Nothing is added any more; what has gathered can still be taken.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            if (_completed)
                return;
            _completed = true;
            _arrived.Release();
        }

        _roomMade.Set();
    }

    /// <summary>
    /// Waits for a record, takes all there is and leaves <paramref name="empty"/> in its place; null when the inbox was completed and
    /// everything was taken. When nothing comes within <paramref name="limit"/> it is <paramref name="empty"/> that comes back.
    /// </summary>
    public async ValueTask<RecordBuffer?> TakeAsync(RecordBuffer empty, TimeSpan limit, CancellationToken cancellationToken)
    {
        empty.Clear();
        if (!await _arrived.WaitAsync(limit, cancellationToken))
            return empty;
        RecordBuffer taken;
        lock (_gate)
        {
            // Released once for each time that the buffer stopped being empty and once at the end: empty here means the end.
            if (_gathering.Count == 0)
                return null;
            taken = _gathering;
            _gathering = empty;
        }

        _roomMade.Set();
        return taken;
    }
}
