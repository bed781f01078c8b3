using System.Diagnostics.Metrics;
using Millrace.Events;
using Millrace.Pipeline.Write;

namespace Millrace.Pipeline;

/// <summary>The pipeline's counters: for OpenTelemetry under the meter <c>Millrace.Pipeline</c>, and as totals for the status.</summary>
internal sealed class Metrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Millrace.Pipeline";

    private readonly TimeProvider _time;
    private readonly Action<FlushReport>? _flushed;
    private readonly Action? _deadLettersWritten;
    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _events;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _parkedEvents;
    private readonly Counter<long> _fenced;
    private readonly Histogram<double> _flushDuration;
    private readonly Histogram<int> _flushRecords;
    private readonly Counter<long> _slowFlushes;
    private readonly Counter<long> _schemaWarnings;
    private long _stored;
    private long _duplicates;
    private long _dead;
    private long _flushes;
    private long _slow;
    private long _warned;

    public Metrics(TimeProvider time, Action<FlushReport>? flushed, Action? deadLettersWritten)
    {
        _time = time;
        _flushed = flushed;
        _deadLettersWritten = deadLettersWritten;
        _events = _meter.CreateCounter<long>("millrace.events", "{event}", "Events by outcome.");
        _deadLetters = _meter.CreateCounter<long>("millrace.dead_letters", "{record}", "Records that became dead letters.");
        _parkedEvents = _meter.CreateCounter<long>("millrace.parked_events", "{event}", "Events that were put behind their user's failed one.");
        _fenced = _meter.CreateCounter<long>("millrace.fenced", "{flush}", "Flushes that were dropped because another writer owns the partition.");
        _slowFlushes = _meter.CreateCounter<long>("millrace.flush.slow", "{flush}", "Transactions whose first attempt was refused: an id was there already, or the database rejected a row.");
        _schemaWarnings = _meter.CreateCounter<long>("millrace.schema.warnings", "{event}", "Events that were stored although the schemas in force do not take them.");
        _flushDuration = _meter.CreateHistogram<double>("millrace.flush.duration", "s", "Time from the begin of a transaction to its commit, retries included.");
        _flushRecords = _meter.CreateHistogram<int>("millrace.flush.records", "{record}", "Records of a transaction.");
    }

    public long Stored => Interlocked.Read(ref _stored);

    public long Duplicates => Interlocked.Read(ref _duplicates);

    public long Dead => Interlocked.Read(ref _dead);

    public long Flushes => Interlocked.Read(ref _flushes);

    public long SlowFlushes => Interlocked.Read(ref _slow);

    public long Warned => Interlocked.Read(ref _warned);

    public long Now() => _time.GetTimestamp();

    public void Flushed(int partition, in FlushResult result, Batch batch, long started)
    {
        Interlocked.Increment(ref _flushes);
        Count(partition, result);
        var partitionTag = new KeyValuePair<string, object?>("partition", partition);
        if (result.SlowPath)
        {
            Interlocked.Increment(ref _slow);
            _slowFlushes.Add(1, partitionTag);
        }

        _flushDuration.Record(_time.GetElapsedTime(started).TotalSeconds, partitionTag);
        _flushRecords.Record(batch.Records.Count, partitionTag);
        _flushed?.Invoke(new FlushReport(
            partition, batch.FirstOffset, batch.NextOffset, result.Inserted, result.Duplicates, result.Dead, result.Parked));
    }

    /// <summary>Events that are stored although something is wrong with them; the type is one that has schemas, or empty.</summary>
    public void SchemaWarnings(int partition, IReadOnlyDictionary<(RefusalReason Reason, string EventType), int> warnings)
    {
        foreach (var ((reason, eventType), count) in warnings)
        {
            Interlocked.Add(ref _warned, count);
            _schemaWarnings.Add(count, new("partition", partition), new("reason", reason.Code()), new("event_type", eventType));
        }
    }

    /// <summary>Events that had been parked.</summary>
    public void Released(int partition, in FlushResult result) => Count(partition, result);

    private void Count(int partition, in FlushResult result)
    {
        Interlocked.Add(ref _stored, result.Inserted);
        Interlocked.Add(ref _duplicates, result.Duplicates);
        Interlocked.Add(ref _dead, result.Dead);

        var partitionTag = new KeyValuePair<string, object?>("partition", partition);
        if (result.Inserted > 0)
            _events.Add(result.Inserted, partitionTag, new("outcome", "stored"));
        if (result.Duplicates > 0)
            _events.Add(result.Duplicates, partitionTag, new("outcome", "duplicate"));
        if (result.Dead > 0)
        {
            _deadLetters.Add(result.Dead, partitionTag);
            _deadLettersWritten?.Invoke();
        }

        if (result.Parked > 0)
            _parkedEvents.Add(result.Parked, partitionTag);
    }

    public void Fenced(int partition) => _fenced.Add(1, new KeyValuePair<string, object?>("partition", partition));

    public void Dispose() => _meter.Dispose();
}
