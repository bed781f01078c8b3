using Microsoft.Extensions.Logging;
using Millrace.Hosting;
using Npgsql;

namespace Millrace.LocalPostgres;

/// <summary>
/// A PostgreSQL server that belongs to this process. <see cref="StartAsync"/> returns when it takes connections; it is
/// started again when it dies, and stopped with <see cref="DisposeAsync"/> or with this process, however that ends.
/// <para>A start is these steps: 1 hold the directory; 2 choose the account and the programs; 3 make the cluster if there is
/// none; 4 stop what an earlier run left; 5 write the settings; 6 take a port, launch and wait until ready; 7 make user and
/// database if they are missing.</para>
/// </summary>
internal sealed class LocalPostgresServer : IAsyncDisposable
{
    public const string UserName = "pipeline_user";
    public const string DatabaseName = "pipeline_db";

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private readonly DirectoryLock _lock;
    private readonly ServerLauncher _launcher;
    private readonly ServerSupervisor _supervisor;

    private LocalPostgresServer(DirectoryLock directoryLock, ServerLauncher launcher, ServerSupervisor supervisor)
    {
        _lock = directoryLock;
        _launcher = launcher;
        _supervisor = supervisor;
    }

    /// <summary>The TCP port on 127.0.0.1. Stays the same when the server is started again.</summary>
    public int Port => _launcher.Port;

    /// <summary>As <see cref="UserName"/> to <see cref="DatabaseName"/> over loopback.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = UserName,
        Database = DatabaseName,
    }.ConnectionString;

    /// <summary>As superuser through the Unix socket, for whoever may enter its directory: this account and root.</summary>
    public string AdminConnectionString => _launcher.AdminConnectionString;

    /// <summary>The major version of the server.</summary>
    public int MajorVersion => _launcher.Binaries.MajorVersion;

    /// <summary>The directory of the programs that run.</summary>
    public string BinaryDirectory => _launcher.Binaries.Directory;

    /// <exception cref="LocalPostgresStartException">It cannot start; the message says why and what to do.</exception>
    public static async Task<LocalPostgresServer> StartAsync(
        LocalPostgresOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ILogger logger = loggers.CreateLogger("Millrace.LocalPostgres");
        string directory = Path.GetFullPath(options.Directory);
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        // 1
        DirectoryLock directoryLock = DirectoryLock.TryTake(directory)
            ?? throw new LocalPostgresStartException(
                $"The PostgreSQL directory '{directory}' is in use by {DirectoryLock.Describe(directory)}: stop it, or use another --data directory.");
        try
        {
            // 2
            var cluster = new ServerCluster(directory);
            ServerAccount account = await ServerAccount.ChooseAsync(cluster.DataDirectory, cancellationToken);
            await account.TakeOverAsync(directory, cancellationToken);
            int? version = cluster.ReadVersion();
            ServerBinaries binaries = await ServerBinaries.FindAsync(options.BinaryDirectory, version, account, logger, cancellationToken);

            // 3
            if (version is null)
                await cluster.CreateAsync(binaries, account, cancellationToken);

            // 4
            var leftover = new LeftoverServer(cluster.DataDirectory, TimeProvider.System, logger);
            await leftover.ClearAsync(cancellationToken);

            // 5
            await cluster.ConfigureAsync(binaries, account, options.Settings, cancellationToken);

            // 6
            var launcher = new ServerLauncher(directory, cluster, account, binaries, options.StartTimeout, TimeProvider.System, logger);
            await launcher.PrepareSocketDirectoryAsync(cancellationToken);
            ServerProcess process = await launcher.LaunchOnFreePortAsync(options.Port, options.NextFreePort, cancellationToken);
            try
            {
                // 7
                await ServerDatabase.EnsureAsync(launcher.AdminConnectionString, cancellationToken);
            }
            catch
            {
                process.RequestStop();
                await process.Exited.WaitAsync(StopLimit, CancellationToken.None);
                process.Dispose();
                throw;
            }

            Log.PostgresStarted(logger, binaries.MajorVersion, launcher.Port, binaries.Directory, account.Name);
            return new LocalPostgresServer(directoryLock, launcher, new ServerSupervisor(process, launcher, leftover, TimeProvider.System, logger));
        }
        catch
        {
            directoryLock.Dispose();
            throw;
        }
    }

    /// <summary>Stops the server with a fast shutdown: open transactions are rolled back, everything committed is on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        await _supervisor.StopAsync(StopLimit);
        _launcher.RemoveSocketDirectory();
        _lock.Dispose();
    }
}
