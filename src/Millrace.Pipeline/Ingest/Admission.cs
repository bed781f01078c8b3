using System.Net;

namespace Millrace.Pipeline.Ingest;

/// <summary>Whether a request may take up more of what ingest holds at a time.</summary>
internal enum Admission
{
    /// <summary>It may.</summary>
    Granted,

    /// <summary>Its caller alone holds half of everything: 429.</summary>
    CallerMustSlowDown,

    /// <summary>Everything is taken, because the broker is slow or away: 503.</summary>
    Full,
}

/// <summary>
/// Counts the events and bytes that requests hold until the broker has acknowledged them. One caller (an address) gets at most half, so
/// that one that floods is told to slow down while others still get through.
/// </summary>
internal sealed class AdmissionGate(int maxEvents, int maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, (int Events, int Bytes)> _callers = [];
    private int _events;
    private int _bytes;

    /// <summary>Begins a request that holds nothing yet.</summary>
    public Share Enter(IPAddress? caller) => new(this, caller ?? IPAddress.None);

    private Admission TryTake(IPAddress caller, int events, int bytes)
    {
        lock (_gate)
        {
            var held = _callers.GetValueOrDefault(caller);
            if (held.Events + events > maxEvents / 2 || held.Bytes + bytes > maxBytes / 2)
                return Admission.CallerMustSlowDown;
            if (_events + events > maxEvents || _bytes + bytes > maxBytes)
                return Admission.Full;
            _callers[caller] = (held.Events + events, held.Bytes + bytes);
            _events += events;
            _bytes += bytes;
            return Admission.Granted;
        }
    }

    private void Give(IPAddress caller, int events, int bytes)
    {
        lock (_gate)
        {
            var held = _callers[caller];
            var left = (Events: held.Events - events, Bytes: held.Bytes - bytes);
            if (left == (0, 0))
                _callers.Remove(caller);
            else
                _callers[caller] = left;
            _events -= events;
            _bytes -= bytes;
        }
    }

    /// <summary>What one request holds; given back when it is answered.</summary>
    internal sealed class Share(AdmissionGate gate, IPAddress caller) : IDisposable
    {
        private int _events;
        private int _bytes;

        public Admission TryTake(int events, int bytes)
        {
            var admission = gate.TryTake(caller, events, bytes);
            if (admission == Admission.Granted)
            {
                _events += events;
                _bytes += bytes;
            }

            return admission;
        }

        public void Dispose()
        {
            if (_events != 0 || _bytes != 0)
                gate.Give(caller, _events, _bytes);
            _events = 0;
            _bytes = 0;
        }
    }
}
