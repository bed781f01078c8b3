using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Millrace.LocalPostgres;

/// <summary>
/// What an earlier run left in a cluster's directory after a kill -9: a server that its guard is still shutting down, one
/// whose guard was killed too, or a pid file whose pid belongs to somebody else by now. A running server is asked to stop and
/// waited for, then started again under us: one way for all cases, and it costs less than a second.
/// </summary>
internal sealed class LeftoverServer(string dataDirectory, TimeProvider time, ILogger logger)
{
    // A fast shutdown writes all dirty pages: up to shared_buffers, to a disk that may be slow.
    private static readonly TimeSpan FastShutdownLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ImmediateShutdownLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private string PidFile => Path.Combine(dataDirectory, "postmaster.pid");

    /// <exception cref="LocalPostgresStartException">It is still there after both kinds of shutdown.</exception>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        int[] found = Processes();
        if (found.Length > 0)
        {
            Log.StoppingLeftoverPostgres(logger, ReadPid() ?? found[0]);
            if (!await StopAsync(PosixCalls.SigInt, FastShutdownLimit, cancellationToken)
                && !await StopAsync(PosixCalls.SigQuit, ImmediateShutdownLimit, cancellationToken))
            {
                throw new LocalPostgresStartException(
                    $"A PostgreSQL server from an earlier run (pid {ReadPid() ?? found[0]}) still holds '{dataDirectory}' and does not stop: end it, then start again.");
            }
        }

        // Nothing runs in the directory, so a pid file is stale. The server itself would believe it when the pid is in use
        // again, as it soon is in a container.
        File.Delete(PidFile);
    }

    private async Task<bool> StopAsync(int signal, TimeSpan limit, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (Processes() is { Length: > 0 } running)
        {
            if (time.GetElapsedTime(start) > limit)
                return false;
            // Without its parent a backend notices by itself, unless it is busy.
            int? server = ReadPid() is { } pid && running.Contains(pid) ? pid : null;
            foreach (int target in server is { } one ? [one] : running)
                PosixCalls.Signal(target, server is null ? PosixCalls.SigQuit : signal);
            await Task.Delay(PollInterval, time, cancellationToken);
        }

        return true;
    }

    /// <summary>The server and its children: every process of that name whose working directory is the cluster.</summary>
    private int[] Processes()
    {
        if (!Directory.Exists("/proc/self"))
            return ReadPid() is { } pid && PosixCalls.Signal(pid, 0) ? [pid] : [];
        string wanted = RealPath();
        return Directory.EnumerateDirectories("/proc").Select(d => int.TryParse(Path.GetFileName(d), out int id) ? id : 0)
            .Where(id => id > 0 && IsServer(id, wanted)).ToArray();
    }

    /// <summary>The directory as the kernel names it, with every link on the way resolved: it is what a working directory shows.</summary>
    private string RealPath()
    {
        using SafeFileHandle file = File.OpenHandle(Path.Combine(dataDirectory, "PG_VERSION"));
        return Path.GetDirectoryName(new FileInfo($"/proc/self/fd/{file.DangerousGetHandle()}").LinkTarget)!;
    }

    private static bool IsServer(int processId, string directory)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/comm").Trim() is "postgres" or "postmaster"
                && new FileInfo($"/proc/{processId}/cwd").LinkTarget == directory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked, or it is another user's, which cannot hold a directory of ours.
            return false;
        }
    }

    private int? ReadPid()
    {
        try
        {
            return int.TryParse(File.ReadLines(PidFile).FirstOrDefault(), CultureInfo.InvariantCulture, out int pid) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
