using System.Diagnostics;

namespace Millrace.Chaos.Servers;

/// <summary>One run of a program: it says with its first line that it is ready, what it prints goes to a file, and it ends when its input closes or it is killed.</summary>
internal sealed class ChildProcess : IDisposable
{
    // Until the kernel has taken it apart and its output has been read.
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Guardian _guardian;
    private readonly StreamWriter _log;
    private readonly Lock _logLock = new();
    private readonly TaskCompletionSource<string?> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process, Guardian guardian, StreamWriter log)
    {
        _process = process;
        _guardian = guardian;
        _log = log;
        _guardian.Add(process.Id);
        process.OutputDataReceived += (_, line) => OnOutput(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Exited = WaitAsync();
    }

    public int Id => _process.Id;

    /// <summary>Completes with the exit code.</summary>
    public Task<int> Exited { get; }

    /// <summary>What it printed first; null when it ended before it printed anything.</summary>
    public Task<string?> FirstLine => _firstLine.Task;

    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string log, Guardian guardian)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(log)!,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var writer = new StreamWriter(log, append: true) { AutoFlush = true };
        return new ChildProcess(Process.Start(start)!, guardian, writer);
    }

    /// <exception cref="ChaosFailedException">It did not get ready; the message says where its log is.</exception>
    public async Task<string> ReadyAsync(string what, TimeSpan limit)
    {
        try
        {
            return await FirstLine.WaitAsync(limit)
                ?? throw new ChaosFailedException($"{what} ended with {await Exited} before it was ready; its log is {((FileStream)_log.BaseStream).Name}.");
        }
        catch (TimeoutException e)
        {
            throw new ChaosFailedException($"{what} was not ready within {limit.TotalSeconds:0} s; its log is {((FileStream)_log.BaseStream).Name}.", e);
        }
    }

    public void Signal(int signal)
    {
        if (!Exited.IsCompleted)
            Signals.Send(Id, signal);
    }

    public async Task KillAsync()
    {
        Signal(Signals.Kill);
        await Exited.WithinAsync(KillLimit, $"Process {Id}, after kill -9,");
    }

    /// <summary>Closes its input and asks it to end; kills it when it does not.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        if (Exited.IsCompleted)
            return;
        _process.StandardInput.Close();
        Signal(Signals.Terminate);
        try
        {
            await Exited.WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }
    }

    public void Dispose()
    {
        _process.Dispose();
        lock (_logLock)
            _log.Dispose();
    }

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        _guardian.Gone(_process.Id);
        _firstLine.TrySetResult(null);
        return _process.ExitCode;
    }

    private void OnOutput(string? line)
    {
        if (line is null)
            return;
        _firstLine.TrySetResult(line);
        Write(line);
    }

    private void Write(string? line)
    {
        lock (_logLock)
        {
            if (line is not null && _log.BaseStream is { CanWrite: true })
                _log.WriteLine(line);
        }
    }
}
