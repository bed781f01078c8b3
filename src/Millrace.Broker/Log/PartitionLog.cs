using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Millrace.Broker.Log;

/// <summary>Whether a log takes and gives records.</summary>
internal enum LogStatus
{
    Online,

    /// <summary>The disk failed. What was published can still be read; it takes records again when the disk does.</summary>
    Failed,

    /// <summary>The topic was deleted.</summary>
    Deleted,
}

/// <summary>
/// The records of one partition, in four parts: what is read (any thread), what is written (the log writer's thread only), what is
/// given up in time (also there) and how it is recovered.
/// </summary>
/// <remarks>
/// Readers never see a record that is not on disk: they look only below <see cref="HighWatermark"/>, which moves after the fsync.
/// So no consumer can have seen a record that a crash takes back. (A topic with the flush policy "os" has chosen otherwise.)
/// A log has no gaps: what compaction removes leaves an empty batch in its place, so that recovery knows what belongs where.
/// </remarks>
internal sealed partial class PartitionLog : IDisposable
{
    private readonly string _directory;
    private readonly IDisk _disk;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ProducerStates _producers = new();
    private readonly AbortedTransactions _aborted = new();
    private readonly List<FetchWaiter> _waiters = [];

    /// <summary>Producers that may write transactional batches here, in which epoch: from AddPartitionsToTxn to the marker.</summary>
    private readonly ConcurrentDictionary<long, short> _admitted = [];

    /// <summary>Replaced as a whole when a segment is added or goes, so that readers need no lock. The last one is being written.</summary>
    private volatile LogSegment[] _segments;
    private volatile LogSettings _settings;
    private long _startOffset;
    private long _highWatermark;
    private long _lastStableOffset;
    private long _newestTimestamp;
    private volatile int _status;

    private PartitionLog(string directory, LogSettings settings, IDisk disk, TimeProvider time, ILogger logger)
    {
        _directory = directory;
        _settings = settings;
        _disk = disk;
        _time = time;
        _logger = logger;
        _segments = Recover();
        _startOffset = _segments[0].BaseOffset;
        _highWatermark = _nextOffset = Active.NextOffset;
        _lastStableOffset = _producers.FirstOpenTransaction ?? _highWatermark;
        _newestTimestamp = _segments.Max(s => s.MaxTimestamp);
    }

    /// <summary>The offset of the first record that is still there.</summary>
    public long StartOffset => Volatile.Read(ref _startOffset);

    /// <summary>The offset behind the last record that is on disk.</summary>
    public long HighWatermark => Volatile.Read(ref _highWatermark);

    /// <summary>Below it every transaction is decided: as far as somebody may read who wants only what is committed.</summary>
    public long LastStableOffset => Volatile.Read(ref _lastStableOffset);

    public LogStatus Status => (LogStatus)_status;

    /// <summary>The bytes of all segments.</summary>
    public long TotalBytes => _segments.Sum(s => s.ReadableLength);

    private LogSegment Active => _segments[^1];

    /// <summary>Recovers what is in the directory; where there is none, makes it and an empty segment, on disk when it returns.</summary>
    /// <exception cref="IOException">It cannot be read or made.</exception>
    public static PartitionLog Open(string directory, LogSettings settings, IDisk disk, TimeProvider time, ILogger logger)
    {
        Directory.CreateDirectory(directory);
        return new PartitionLog(directory, settings, disk, time, logger);
    }

    /// <summary>Other settings, from the next batch on.</summary>
    public void Configure(LogSettings settings) => _settings = settings;

    /// <summary>Lets a transaction of this producer write here until its marker comes.</summary>
    public void Admit(long producerId, short epoch) => _admitted[producerId] = epoch;

    /// <summary>Wakes the waiter when records are published. Look for records after this call, not only before it.</summary>
    public void Watch(FetchWaiter waiter)
    {
        lock (_waiters)
            _waiters.Add(waiter);
    }

    public void Unwatch(FetchWaiter waiter)
    {
        lock (_waiters)
            _waiters.Remove(waiter);
    }

    public void Dispose()
    {
        foreach (var segment in _segments)
            segment.Dispose();
    }
}
