using System.Globalization;
using Npgsql;

namespace Millrace.Chaos.Servers;

/// <summary>A local PostgreSQL in a process that starts it again when it dies.</summary>
internal sealed class LocalPostgres : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly ChildProcess _host;
    private readonly string _pidFile;
    private readonly string _adminConnectionString;

    private LocalPostgres(ChildProcess host, string connectionString, string adminConnectionString, string pidFile)
    {
        _host = host;
        _pidFile = pidFile;
        _adminConnectionString = adminConnectionString;

        // No pool: a connection of before a kill is of no use after it.
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
        Port = new NpgsqlConnectionStringBuilder(connectionString).Port;
    }

    /// <summary>Straight to it, past every proxy.</summary>
    public string ConnectionString { get; }

    public int Port { get; }

    public static async Task<LocalPostgres> StartAsync(ChaosOptions options, Ports ports, Guardian guardian)
    {
        var data = Path.Combine(options.Directory, "postgres");
        var host = ChildProcess.Start(
            options.Program,
            ["chaos", "host-postgres", "--data", data, "--port", $"{ports.Next()}"],
            new Dictionary<string, string>(),
            Path.Combine(options.Directory, "postgres-host.log"),
            guardian);
        var connectionStrings = (await host.ReadyAsync("PostgreSQL", StartLimit)).Split('\t');
        return new LocalPostgres(host, connectionStrings[0], connectionStrings[1], Path.Combine(data, "data", "postmaster.pid"));
    }

    /// <summary>kill -9 of the server; returns when it takes connections again.</summary>
    public async Task KillAsync()
    {
        Signals.Send(int.Parse(File.ReadLines(_pidFile).First(), CultureInfo.InvariantCulture), Signals.Kill);
        for (var waited = TimeSpan.Zero; !await AnswersAsync(); waited += PollInterval)
        {
            if (waited > StartLimit)
                throw new ChaosFailedException($"PostgreSQL did not come back within {StartLimit.TotalSeconds:0} s of kill -9.");
            await Task.Delay(PollInterval);
        }
    }

    /// <summary>Every transaction is read-only for a while, as on a server that has become a standby.</summary>
    public async Task RefuseWritesAsync(TimeSpan length)
    {
        await AdministerAsync("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()");
        await Task.Delay(length);
        await AdministerAsync("ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()");
    }

    /// <summary>The pipeline's role has no connection for a while and gets none.</summary>
    public async Task RefuseConnectionsAsync(TimeSpan length)
    {
        var role = new NpgsqlConnectionStringBuilder(ConnectionString).Username!;
        await AdministerAsync($"ALTER ROLE {role} CONNECTION LIMIT 0", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'");
        await Task.Delay(length);
        await AdministerAsync($"ALTER ROLE {role} CONNECTION LIMIT -1");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(StopLimit);
        _host.Dispose();
    }

    private async Task AdministerAsync(params string[] statements)
    {
        await using var connection = new NpgsqlConnection(_adminConnectionString);
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString);
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
