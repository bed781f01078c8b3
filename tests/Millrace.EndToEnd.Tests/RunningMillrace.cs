using System.Diagnostics;
using System.Text.Json;
using Millrace.Testing;
using Npgsql;

namespace Millrace.EndToEnd.Tests;

/// <summary>
/// A <c>millrace up</c> in a process of its own, on free ports, with its data in a temporary directory: what a user starts. It is
/// addressed as a user would, through <c>endpoints.json</c>.
/// </summary>
internal sealed class RunningMillrace : IAsyncDisposable
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(2);

    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly List<string> _log = [];
    private Process _process;
    private JsonElement _endpoints;

    private RunningMillrace(string data, IReadOnlyDictionary<string, string> environment) =>
        (Data, _environment, _process) = (data, environment, Launch(data, environment));

    public string Data { get; }

    public string Kafka => _endpoints.GetProperty("kafka").GetString()!;

    public string Postgres => _endpoints.GetProperty("postgres").GetString()!;

    public string App => _endpoints.GetProperty("app").GetString()!;

    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "millrace");

    /// <param name="environment">Settings beyond the defaults, as <c>MILLRACE__…</c> variables.</param>
    public static async Task<RunningMillrace> StartAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        var running = new RunningMillrace(
            Directory.CreateTempSubdirectory("millrace-e2e-").FullName, environment ?? new Dictionary<string, string>());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(running.Data, (UnixFileMode)0b111_101_101); // a server under another account must reach its part
        }

        try
        {
            await running.ReadyAsync();
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL to the process, nothing else: what a crash leaves behind is left behind.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts it again on the same directory.</summary>
    public async Task StartAgainAsync()
    {
        _process.Dispose();
        _process = Launch(Data, _environment);
        await ReadyAsync();
    }

    /// <summary>SIGTERM, as a service manager sends it; gives the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
        await kill.WaitForExitAsync();
        await Eventually.TrueAsync(() => _process.HasExited, "millrace up ends after SIGTERM");
        return _process.ExitCode;
    }

    public async Task<long> CountAsync(string sql)
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Postgres) { Pooling = false }.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            return Convert.ToInt64(await command.ExecuteScalarAsync());
        }
        catch (NpgsqlException unreachable) when (unreachable.IsTransient || unreachable is PostgresException { SqlState: "57P03" or "57P01" })
        {
            return -1; // the server is being restarted; the caller waits for a number
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await StopAsync();
        }

        _process.Dispose();
        Directory.Delete(Data, recursive: true);
    }

    private Process Launch(string data, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Executable, ["up", "--data", data, "--ports", "auto"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = data,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
        {
            _log.Add(line.Data ?? "");
        }
    }

    private async Task ReadyAsync()
    {
        using var http = new HttpClient();
        await Eventually.TrueAsync(
            async () =>
            {
                if (_process.HasExited)
                {
                    lock (_log)
                    {
                        Assert.Fail($"millrace up ended with {_process.ExitCode}:\n{string.Join('\n', _log)}");
                    }
                }

                return TryReadEndpoints() && await IsReadyAsync(http);
            },
            "millrace up is ready (a start after a crash replays logs first)",
            ReadyLimit);
    }

    private bool TryReadEndpoints()
    {
        try
        {
            _endpoints = JsonDocument.Parse(File.ReadAllText(Path.Combine(Data, "endpoints.json"))).RootElement;
            return _endpoints.GetProperty("pid").GetInt32() == _process.Id;
        }
        catch (Exception notYet) when (notYet is FileNotFoundException or JsonException)
        {
            return false;
        }
    }

    private async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync($"{App}/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
