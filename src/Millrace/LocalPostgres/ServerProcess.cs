using System.ComponentModel;
using System.Diagnostics;

namespace Millrace.LocalPostgres;

/// <summary>
/// One run of the server under a small shell that guards it.
/// <para>
/// The guard reads from a pipe that this process holds open. When the pipe closes — we stop, exit, crash or are killed
/// with -9 — it asks the server for a fast shutdown and goes on asking until it is gone. So the server never outlives us
/// as an orphan, and stopping it is nothing but closing the pipe. (A parent-death signal would do the same, but Linux ties
/// it to the thread that started the child, and thread-pool threads come and go.)
/// </para>
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    // $1 is the log, the rest is the server's command line. The server and the guard let go of descriptors that are not theirs:
    // a guard that kept the log's reader or the server that kept the pipe would keep each other alive. Signals that a
    // terminal sends to everybody are ignored: only the pipe counts.
    private const string Guard =
        """
        trap '' INT TERM HUP
        log=$1; shift
        exec 3<&0 </dev/null >>"$log" 2>&1
        "$@" 3<&- &
        server=$!
        ( read -r _ <&3; while kill -INT "$server" 2>/dev/null; do sleep 0.2; done ) &
        guard=$!
        exec 3<&-
        wait "$server"; code=$?
        kill -KILL "$guard" 2>/dev/null
        exit "$code"
        """;

    private readonly Process _guard;
    private readonly Task<string> _launchError;

    private ServerProcess(Process guard)
    {
        _guard = guard;
        _launchError = guard.StandardError.ReadToEndAsync();
        Exited = guard.WaitForExitAsync();
    }

    /// <summary>Completes when the server (or its guard) has ended.</summary>
    public Task Exited { get; }

    /// <exception cref="LocalPostgresStartException">The shell itself could not be started.</exception>
    public static ServerProcess Start(ServerAccount account, string log, string workingDirectory, IEnumerable<string> serverCommand)
    {
        // A session of its own keeps a Ctrl+C on our terminal from reaching the server before the pipeline has drained.
        string[] session = File.Exists("/usr/bin/setsid") ? ["/usr/bin/setsid"] : [];
        string[] command = [.. session, .. account.Command(["/bin/sh", "-c", Guard, "millrace-postgres", log, .. serverCommand])];
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        ChildProcess.CleanEnvironment(start);
        try
        {
            return new ServerProcess(Process.Start(start)!);
        }
        catch (Win32Exception e)
        {
            throw new LocalPostgresStartException($"PostgreSQL could not be started with {command[0]}: {e.Message}", e);
        }
    }

    /// <summary>What went wrong before the server's own log began; empty as a rule. To be read after <see cref="Exited"/>.</summary>
    public Task<string> LaunchErrorAsync() => _launchError;

    /// <summary>Asks for a fast shutdown. The server writes a checkpoint and ends; wait for <see cref="Exited"/>.</summary>
    public void RequestStop()
    {
        try
        {
            _guard.StandardInput.Close();
        }
        catch (IOException)
        {
            // The guard is gone, and with it the reader of the pipe: there is nobody left to ask.
        }
    }

    public void Dispose()
    {
        RequestStop();
        _guard.Dispose();
    }
}
