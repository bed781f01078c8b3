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

    private LocalPostgres(ChildProcess host, string connectionString, string pidFile)
    {
        _host = host;
        _pidFile = pidFile;

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
        var connectionString = await host.ReadyAsync("PostgreSQL", StartLimit);
        return new LocalPostgres(host, connectionString, Path.Combine(data, "data", "postmaster.pid"));
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

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(StopLimit);
        _host.Dispose();
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
