using Microsoft.Extensions.Logging;
using Millrace.Hosting;
using Npgsql;

namespace Millrace.LocalPostgres;

/// <summary>Launches the server of one cluster and waits until it takes connections.</summary>
internal sealed class ServerLauncher(
    string directory,
    ServerCluster cluster,
    ServerAccount account,
    ServerBinaries binaries,
    TimeSpan startTimeout,
    TimeProvider time,
    ILogger logger)
{
    private const int PortTries = 5;
    private const int LogLines = 5;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan SlowStart = TimeSpan.FromSeconds(5);

    private readonly string _socketDirectory = SocketDirectory.For(directory);

    public ServerBinaries Binaries => binaries;

    public ServerLog ServerLog { get; } = new(Path.Combine(directory, "postgres.log"));

    /// <summary>The port of the last launch.</summary>
    public int Port { get; private set; }

    public string AdminConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = _socketDirectory,
        Port = Port,
        Username = "postgres",
        Database = "postgres",
        Pooling = false,
    }.ConnectionString;

    public async Task PrepareSocketDirectoryAsync(CancellationToken cancellationToken)
    {
        if (_socketDirectory == directory)
            return;
        Directory.CreateDirectory(_socketDirectory);
        // In a directory for everybody: this fails when somebody else made it, and closes it when we did.
        File.SetUnixFileMode(_socketDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await account.TakeOverAsync(_socketDirectory, cancellationToken);
    }

    /// <summary>After the server has stopped: takes away a directory of its own elsewhere, with nothing left in it.</summary>
    public void RemoveSocketDirectory()
    {
        if (_socketDirectory != directory && Directory.Exists(_socketDirectory) && !Directory.EnumerateFileSystemEntries(_socketDirectory).Any())
            Directory.Delete(_socketDirectory);
    }

    /// <exception cref="LocalPostgresStartException">No port is free, or the server does not start.</exception>
    public async Task<ServerProcess> LaunchOnFreePortAsync(int first, bool nextFree, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            Port = FreePort.IsFree(first) ? first
                : nextFree && FreePort.NextFrom(first + 1) is { } next ? next
                : throw new LocalPostgresStartException($"Port {first} for PostgreSQL is in use: stop what listens there, or choose another with --postgres-port.");
            try
            {
                return await LaunchAsync(cancellationToken);
            }
            // Somebody took the port between our look and the server's.
            catch (LocalPostgresStartException) when (nextFree && attempt < PortTries && !FreePort.IsFree(Port))
            {
                first = Port + 1;
            }
        }
    }

    /// <summary>Launches on <see cref="Port"/>.</summary>
    /// <exception cref="LocalPostgresStartException">The server ended, or was not ready in time; the message has the end of its log.</exception>
    public async Task<ServerProcess> LaunchAsync(CancellationToken cancellationToken)
    {
        ServerLog.Trim();
        long logStart = ServerLog.Length();
        ServerProcess process = ServerProcess.Start(account, ServerLog.Path, directory,
            // What must not be overridden is on the command line, the rest is in millrace.conf.
            [binaries.Postgres, "-D", cluster.DataDirectory, "-p", $"{Port}", "-k", _socketDirectory, "-c", "listen_addresses=127.0.0.1"]);
        try
        {
            await WaitUntilReadyAsync(process, logStart, cancellationToken);
            return process;
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    private async Task WaitUntilReadyAsync(ServerProcess process, long logStart, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        bool announced = false;
        while (!SaysReady())
        {
            if (process.Exited.IsCompleted)
                throw new LocalPostgresStartException(
                    $"PostgreSQL did not start; its last words were:\n{LastWords(logStart, await process.LaunchErrorAsync())}\nThe whole log is {ServerLog.Path}");
            TimeSpan elapsed = time.GetElapsedTime(start);
            if (elapsed > startTimeout)
                throw new LocalPostgresStartException(
                    $"PostgreSQL was not ready after {startTimeout.TotalSeconds:F0} s; its last words were:\n{LastWords(logStart, "")}\nThe whole log is {ServerLog.Path}");
            if (elapsed > SlowStart && !announced)
            {
                announced = true;
                Log.PostgresRecovering(logger);
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    private string LastWords(long logStart, string launchError)
    {
        string words = $"{launchError.Trim()}\n{ServerLog.Tail(logStart, LogLines)}".Trim();
        return words.Length > 0 ? words : "(nothing)";
    }

    /// <summary>The server keeps its state on line 8 of its pid file, which is cheaper to ask than trial connections.</summary>
    private bool SaysReady()
    {
        try
        {
            return File.ReadLines(Path.Combine(cluster.DataDirectory, "postmaster.pid")).ElementAtOrDefault(7)?.Trim() == "ready";
        }
        catch (IOException)
        {
            return false;
        }
    }
}
