using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Millrace.Testing;

namespace Millrace.EndToEnd.Tests;

/// <summary>One <c>millrace run</c>, with the signals that can be sent to it.</summary>
internal sealed class RunProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly Process _process;
    private readonly List<string> _log = [];

    private RunProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
            {
                _log.Add(line.Data ?? "");
            }
        };
        process.BeginErrorReadLine();
    }

    /// <summary>Where its HTTP is.</summary>
    public string App { get; private set; } = "";

    /// <summary>All that it has logged.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join('\n', _log);
            }
        }
    }

    public static async Task<RunProcess> StartAsync(IReadOnlyDictionary<string, string> environment, string directory, IEnumerable<string> options)
    {
        var start = new ProcessStartInfo(RunningMillrace.Executable, ["run", "--ports", "auto", "--format", "json", .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var run = new RunProcess(Process.Start(start)!);
        try
        {
            var line = await run._process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Eventually.Limit);
            Assert.True(line is not null, run.Log);
            run.App = JsonDocument.Parse(line).RootElement.GetProperty("app").GetString()!;
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>How many partitions it says it owns; -1 when it does not answer.</summary>
    public async Task<int> OwnedAsync()
    {
        try
        {
            var status = await Http.GetFromJsonAsync<JsonElement>($"{App}/status");
            return status.GetProperty("partitions").GetArrayLength();
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            return -1;
        }
    }

    /// <summary>SIGSTOP: it does nothing any more, but its connections stay open.</summary>
    public Task PauseAsync() => SignalAsync("-STOP");

    public Task ContinueAsync() => SignalAsync("-CONT");

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a service manager sends it; gives the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await SignalAsync("-TERM");
        await _process.WaitForExitAsync().WaitAsync(Eventually.Limit);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process.Id.ToString()]);
        await kill.WaitForExitAsync();
    }
}
