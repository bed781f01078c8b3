using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Millrace.Terminal;

/// <summary>Ctrl+C, SIGTERM and a closed terminal ask for an orderly end; another Ctrl+C ends the process.</summary>
internal sealed class ShutdownSignals : IDisposable
{
    // timeout(1) and some supervisors signal a process and then its group, so that one request arrives as two. A person is slower.
    private static readonly TimeSpan SameRequest = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _requested = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action _onFirst;
    private long _firstAt;

    public ShutdownSignals(Action onFirst)
    {
        _onFirst = onFirst;
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(s => PosixSignalRegistration.Create(s, Handle))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Requested => _requested.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _requested.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        long now = Stopwatch.GetTimestamp();
        long first = Interlocked.CompareExchange(ref _firstAt, now, 0);
        if (first != 0)
        {
            if (context.Signal == PosixSignal.SIGINT && Stopwatch.GetElapsedTime(first, now) > SameRequest)
                Environment.Exit(ExitCodes.Interrupted);
            return;
        }

        _onFirst();
        // Off the signal's thread, which must be free for the second one: what waits on the token may run here otherwise.
        _ = _requested.CancelAsync();
    }
}
