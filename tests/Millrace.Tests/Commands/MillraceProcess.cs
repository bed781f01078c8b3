using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Millrace.Hosting;
using Millrace.LocalPostgres;
using Millrace.Testing;

namespace Millrace.Tests.Commands;

/// <summary>A <c>millrace up</c> in a process of its own, as a user runs it.</summary>
internal sealed class MillraceProcess : IAsyncDisposable
{
    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "millrace");

    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private MillraceProcess(Process process, string data)
    {
        _process = process;
        Data = data;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_said)
                _said.AppendLine(line.Data);
        };
        process.BeginErrorReadLine();
    }

    public string Data { get; }

    public int Pid => _process.Id;

    public Endpoints Endpoints { get; private set; } = null!;

    /// <summary>All that it wrote to standard error so far.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    /// <summary>Returns when it says that it is ready.</summary>
    public static async Task<MillraceProcess> UpAsync(string data, params string[] options)
    {
        var start = new ProcessStartInfo(Program, ["up", "--data", data, "--ports", "auto", "--format", "json", .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(data)!,
        };
        var up = new MillraceProcess(Process.Start(start)!, data);
        string? line = await up._process.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Limit);
        Assert.True(line is not null, up.Said);
        up.Endpoints = JsonSerializer.Deserialize(line, JsonContext.Default.Endpoints)!;
        return up;
    }

    /// <summary>Another command against this instance.</summary>
    public Task<CommandResult> RunAsync(IEnumerable<string> arguments, string? input = null) =>
        CommandLine.RunAsync(Program, [.. arguments, "--data", Data], input);

    public async Task<int> StopAsync()
    {
        PosixCalls.Signal(Pid, 15);
        await _process.WaitForExitAsync().WaitAsync(Eventually.Limit);
        return _process.ExitCode;
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Eventually.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await StopAsync();
        _process.Dispose();
    }
}
