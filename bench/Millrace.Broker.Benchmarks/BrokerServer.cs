using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Millrace.Broker.Benchmarks;

/// <summary>A broker in a process of its own, which can be stopped, killed and started again on the same port and data.</summary>
internal sealed class BrokerServer(string directory, int port, string program, IReadOnlyList<string> arguments) : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private Process? _process;

    public string BootstrapServers { get; } = $"127.0.0.1:{port}";

    /// <summary>What the process holds of the machine's memory, in MB.</summary>
    public double ResidentMegabytes
    {
        get
        {
            _process!.Refresh();
            return _process.WorkingSet64 / 1e6;
        }
    }

    public TimeSpan CpuTime
    {
        get
        {
            _process!.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>As <c>millrace broker</c>, or as <c>millrace-broker</c> where that is the program, on a free port.</summary>
    public static BrokerServer Millrace(string program, string directory)
    {
        var port = FreePort();
        string[] command = Path.GetFileName(program) == Programs.Broker ? [] : ["broker"];
        return new BrokerServer(directory, port, program, [.. command, "--data", Path.Combine(directory, "data"), "--port", port.ToString(CultureInfo.InvariantCulture)]);
    }

    /// <summary>
    /// As <c>kafka-up</c> of <paramref name="home"/> sets it up. That has begun and ended once when this returns; from then on the JVM is
    /// started by the very command line that the script used, so that no script is measured.
    /// </summary>
    public static async Task<BrokerServer> KafkaAsync(string home, string directory)
    {
        var ready = await RunAsync(Path.Combine(home, "bin", "kafka-up"), "--port", "0", "--dir", directory).ConfigureAwait(false);
        var fields = ready.Split(' ', StringSplitOptions.TrimEntries).Select(f => f.Split('=', 2)).ToDictionary(f => f[0], f => f[1]);
        var command = File.ReadAllText($"/proc/{fields["pid"]}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        await RunAsync(Path.Combine(home, "bin", "kafka-down"), directory).ConfigureAwait(false);
        return new BrokerServer(directory, int.Parse(fields["bootstrap"].Split(':')[1], CultureInfo.InvariantCulture), command[0], command[1..]);
    }

    /// <summary>This program's own <see cref="CeilingServer"/>, in a process of its own so that its processor time is its own.</summary>
    public static BrokerServer Ceiling(string directory)
    {
        var port = FreePort();
        return new BrokerServer(directory, port, Environment.ProcessPath!, [CeilingCommand.Name, "--port", port.ToString(CultureInfo.InvariantCulture)]);
    }

    /// <summary>Returns when it accepts connections.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        _process = Process.Start(start)!;
        // Read so that the pipe never fills.
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var started = Stopwatch.GetTimestamp();
        while (!await AcceptsAsync().ConfigureAwait(false))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > StartLimit)
                throw new InvalidOperationException($"{program} did not start: see {directory}.");
            await Task.Delay(1).ConfigureAwait(false);
        }
    }

    public async Task StopAsync()
    {
        await RunAsync("kill", "-TERM", _process!.Id.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
        await _process.WaitForExitAsync().ConfigureAwait(false);
    }

    /// <summary>SIGKILL: nothing of the process gets to run any more.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await KillAsync().ConfigureAwait(false);
        _process?.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }

    private async Task<bool> AcceptsAsync()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
