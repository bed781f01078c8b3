using Millrace.Broker.Topics;

namespace Millrace.Broker.Log;

/// <summary>Goes over the logs now and then: gives up what retention allows to give up, and compacts what is to be compacted.</summary>
internal sealed class LogCleaner : IDisposable
{
    private readonly TopicCatalog _topics;
    private readonly LogWriter _writer;
    private readonly long _maxBytesOfKeys;
    private readonly int _bufferSize;
    private readonly ITimer _retention;
    private readonly ITimer _compaction;
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();

    public LogCleaner(BrokerSettings settings, TopicCatalog topics, LogWriter writer)
    {
        _topics = topics;
        _writer = writer;
        _maxBytesOfKeys = settings.LogCleanerDedupeBufferBytes;
        // Half of it to read, half of it to write, as in Kafka.
        _bufferSize = settings.LogCleanerIoBufferBytes / 2;
        _retention = settings.Time.CreateTimer(_ => _ = ExpireAsync(), null, settings.LogRetentionCheckInterval, settings.LogRetentionCheckInterval);
        _compaction = settings.Time.CreateTimer(_ => _ = CompactAsync(), null, settings.LogCleanerBackoff, settings.LogCleanerBackoff);
    }

    public void Dispose()
    {
        _retention.Dispose();
        _compaction.Dispose();
        // A compaction that is under way ends between two batches.
        _stopping.Cancel();
        _one.Wait();
        _stopping.Dispose();
    }

    internal async Task ExpireAsync()
    {
        foreach (var log in _topics.Logs)
        {
            if (log.HasExpired)
                await _writer.RunAsync(log.Expire).ConfigureAwait(false);
        }
    }

    internal async Task CompactAsync()
    {
        // One at a time: a compaction that takes longer than the interval is not joined by another.
        if (!await _one.WaitAsync(TimeSpan.Zero).ConfigureAwait(false))
            return;
        try
        {
            foreach (var log in _topics.Logs)
            {
                if (log.IsWorthCompacting && !_stopping.IsCancellationRequested)
                    await Task.Run(() => log.CompactAsync(_writer, _maxBytesOfKeys, _bufferSize, _stopping.Token)).ConfigureAwait(false);
            }
        }
        finally
        {
            _one.Release();
        }
    }
}
