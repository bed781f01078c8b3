using Microsoft.Extensions.Logging;

namespace Millrace.Broker.Log;

/// <summary>Whether a log takes and gives records.</summary>
internal enum LogStatus
{
    Online,

    /// <summary>The disk failed. What was published can still be read; nothing more is taken before a restart has recovered it.</summary>
    Failed,

    /// <summary>The topic was deleted.</summary>
    Deleted,
}

/// <summary>
/// The records of one partition, in three parts: what is read (any thread), what is written (the log writer's thread only) and
/// how it is recovered.
/// </summary>
/// <remarks>
/// Readers never see a record that is not on disk: they look only below <see cref="HighWatermark"/>, which moves after the fsync.
/// So no consumer can have seen a record that a crash takes back.
/// </remarks>
internal sealed partial class PartitionLog : IDisposable
{
    private readonly string _directory;
    private readonly LogSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ProducerStates _producers = new();
    private readonly List<FetchWaiter> _waiters = [];

    /// <summary>Replaced as a whole when a segment is added, so that readers need no lock. The last one is being written.</summary>
    private volatile LogSegment[] _segments;
    private long _highWatermark;
    private long _newestTimestamp;
    private volatile int _status;

    private PartitionLog(string directory, LogSettings settings, TimeProvider time, ILogger logger)
    {
        _directory = directory;
        _settings = settings;
        _time = time;
        _logger = logger;
        _segments = Recover();
        _highWatermark = _nextOffset = Active.NextOffset;
        _newestTimestamp = _segments.Max(s => s.MaxTimestamp);
    }

    /// <summary>The offset of the first record that is still there.</summary>
    public long StartOffset => _segments[0].BaseOffset;

    /// <summary>The offset behind the last record that is on disk. There are no transactions, so it is the last stable offset too.</summary>
    public long HighWatermark => Volatile.Read(ref _highWatermark);

    public LogStatus Status => (LogStatus)_status;

    private LogSegment Active => _segments[^1];

    /// <summary>Recovers what is in the directory; where there is none, makes it and an empty segment, on disk when it returns.</summary>
    /// <exception cref="IOException">It cannot be read or made.</exception>
    public static PartitionLog Open(string directory, LogSettings settings, TimeProvider time, ILogger logger)
    {
        Directory.CreateDirectory(directory);
        return new PartitionLog(directory, settings, time, logger);
    }

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
