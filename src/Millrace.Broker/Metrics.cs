using System.Diagnostics.Metrics;
using Millrace.Protocol;

namespace Millrace.Broker;

/// <summary>What the broker counts, under the meter <c>Millrace.Broker</c>. Names and units follow OpenTelemetry.</summary>
internal sealed class BrokerMetrics : IDisposable
{
    public const string MeterName = "Millrace.Broker";

    private readonly Meter _meter = new(MeterName);
    private readonly UpDownCounter<int> _connections;
    private readonly Counter<long> _refusedConnections;
    private readonly Histogram<double> _requestDuration;
    private readonly Counter<long> _producedBytes;
    private readonly Counter<long> _producedRecords;
    private readonly Counter<long> _fetchedBytes;
    private readonly Histogram<double> _flushDuration;
    private readonly Histogram<int> _requestsPerFlush;

    public BrokerMetrics()
    {
        _connections = _meter.CreateUpDownCounter<int>("millrace.broker.connections", "{connection}", "Open connections.");
        _refusedConnections = _meter.CreateCounter<long>("millrace.broker.connections.refused", "{connection}", "Connections over the limit.");
        _requestDuration = _meter.CreateHistogram<double>("millrace.broker.request.duration", "s", "From the whole request to its answer, by API.");
        _producedBytes = _meter.CreateCounter<long>("millrace.broker.produced", "By", "Bytes of batches accepted.");
        _producedRecords = _meter.CreateCounter<long>("millrace.broker.produced.records", "{record}", "Records accepted.");
        _fetchedBytes = _meter.CreateCounter<long>("millrace.broker.fetched", "By", "Bytes of batches sent.");
        _flushDuration = _meter.CreateHistogram<double>("millrace.broker.flush.duration", "s", "One round of fsyncs.");
        _requestsPerFlush = _meter.CreateHistogram<int>("millrace.broker.flush.requests", "{request}", "Produce requests that shared a round of fsyncs.");
    }

    public void ConnectionOpened() => _connections.Add(1);

    public void ConnectionClosed() => _connections.Add(-1);

    public void ConnectionRefused() => _refusedConnections.Add(1);

    public void Answered(ApiKey api, TimeSpan duration)
    {
        // The tag would box the key for nobody.
        if (_requestDuration.Enabled)
            _requestDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("api", api.ToString()));
    }

    public void Produced(long bytes, long records)
    {
        _producedBytes.Add(bytes);
        _producedRecords.Add(records);
    }

    public void Fetched(long bytes) => _fetchedBytes.Add(bytes);

    public void Flushed(TimeSpan duration, int requests)
    {
        _flushDuration.Record(duration.TotalSeconds);
        _requestsPerFlush.Record(requests);
    }

    public void Dispose() => _meter.Dispose();
}
