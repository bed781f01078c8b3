using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace Millrace.Broker.Tests;

/// <summary>A broker in a process of its own, to be killed without warning.</summary>
internal sealed class BrokerProcess : IDisposable
{
    private readonly Process _process;

    private BrokerProcess(Process process, string bootstrapServers) => (_process, BootstrapServers) = (process, bootstrapServers);

    public string BootstrapServers { get; }

    /// <summary>What the process takes of the machine's memory.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public int Port => int.Parse(BootstrapServers.Split(':')[^1]);

    /// <summary>The other side: runs in the child.</summary>
    public static async Task<int> HostAsync(string directory, int port)
    {
        var options = new BrokerOptions { DataDirectory = directory, Port = port, DefaultPartitions = 3 };
        await using var broker = await EmbeddedBroker.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
        Console.WriteLine(broker.BootstrapServers);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public static async Task<BrokerProcess> StartAsync(string directory, int port)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["broker", directory, port.ToString()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var bootstrap = await process.StandardOutput.ReadLineAsync();
        Assert.False(string.IsNullOrEmpty(bootstrap), "the broker process did not start");
        return new BrokerProcess(process, bootstrap!);
    }

    /// <summary>SIGKILL: nothing of the process gets to run any more.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}
