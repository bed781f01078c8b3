using System.Diagnostics;

namespace Millrace.Chaos.Servers;

/// <summary>
/// A small shell that outlives us by a moment: it reads from a pipe which processes there are, and when the pipe closes, however we
/// ended, kills those that are left. Paused processes too, which nobody would ever wake.
/// </summary>
internal sealed class Guardian : IDisposable
{
    private const string Script =
        """
        trap '' INT TERM HUP
        pids=' '
        while read -r what pid; do
          case $what in
            add) pids="$pids$pid " ;;
            gone) pids="${pids%%" $pid "*} ${pids#*" $pid "}" ;;
          esac
        done
        kill -9 $pids 2>/dev/null
        """;

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    private readonly Process _shell;
    private readonly Lock _lock = new();
    private readonly HashSet<int> _there = [];

    public Guardian()
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script]) { RedirectStandardInput = true, RedirectStandardError = true };
        _shell = Process.Start(start)!;
    }

    /// <summary>Adding one again changes nothing.</summary>
    public void Add(int processId)
    {
        lock (_lock)
        {
            if (_there.Add(processId))
                Write($"add {processId}");
        }
    }

    /// <summary>To be told as soon as it is gone: the number may be another process's next. One that was not added changes nothing.</summary>
    public void Gone(int processId)
    {
        lock (_lock)
        {
            if (_there.Remove(processId))
                Write($"gone {processId}");
        }
    }

    public void Dispose()
    {
        _shell.StandardInput.Close();
        if (!_shell.WaitForExit(EndLimit))
            _shell.Kill();
        _shell.Dispose();
    }

    private void Write(string line)
    {
        _shell.StandardInput.WriteLine(line);
        _shell.StandardInput.Flush();
    }
}
