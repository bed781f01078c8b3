using System.Runtime.InteropServices;

namespace Millrace.Terminal;

/// <summary>Ctrl+C, SIGTERM and a closed terminal: the first asks for an orderly end, the second ends the process.</summary>
internal sealed class ShutdownSignals : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action _onFirst;
    private int _count;

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
        if (Interlocked.Increment(ref _count) > 1)
            Environment.Exit(ExitCodes.Interrupted);
        _onFirst();
        // Off the signal's thread, which must be free for the second one: what waits on the token may run here otherwise.
        _ = _requested.CancelAsync();
    }
}
