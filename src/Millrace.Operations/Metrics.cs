using System.Diagnostics.Metrics;

namespace Millrace.Operations;

/// <summary>The services' counters, for OpenTelemetry under the meter <c>Millrace.Operations</c>.</summary>
internal sealed class Metrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Millrace.Operations";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _relayed;
    private long _total;

    public Metrics() =>
        _relayed = _meter.CreateCounter<long>("millrace.dead_letters.relayed", "{record}", "Dead letters that the dead-letter topic acknowledged.");

    public long Relayed => Interlocked.Read(ref _total);

    public void AddRelayed(int whole, int withoutValue)
    {
        Interlocked.Add(ref _total, whole + withoutValue);
        if (whole > 0)
            _relayed.Add(whole, new KeyValuePair<string, object?>("outcome", "whole"));
        if (withoutValue > 0)
            _relayed.Add(withoutValue, new KeyValuePair<string, object?>("outcome", "without_value"));
    }

    public void Dispose() => _meter.Dispose();
}
