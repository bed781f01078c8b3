using Microsoft.Extensions.Logging.Abstractions;

namespace Millrace.Broker.Tests;

/// <summary>A broker on a free port over a directory of its own, which goes with it. Can be stopped and started again.</summary>
internal sealed class TestBroker : IAsyncDisposable
{
    private readonly Action<BrokerOptions> _configure;
    private EmbeddedBroker? _broker;

    private TestBroker(Action<BrokerOptions> configure) => _configure = configure;

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("millrace-broker-").FullName;

    public string BootstrapServers => _broker!.BootstrapServers;

    public int Port => _broker!.Endpoint.Port;

    public int ExpireSessions(string group) => _broker!.Faults.ExpireSessions(group);

    public static async Task<TestBroker> StartAsync(Action<BrokerOptions>? configure = null)
    {
        var broker = new TestBroker(configure ?? (_ => { }));
        await broker.StartAgainAsync();
        return broker;
    }

    public Task<WireClient> ConnectAsync() => WireClient.ConnectAsync(Port);

    public async Task StopAsync()
    {
        await _broker!.DisposeAsync();
        _broker = null;
    }

    public async Task StartAgainAsync(int port = 0)
    {
        var options = new BrokerOptions { DataDirectory = Directory, Port = port };
        _configure(options);
        _broker = await EmbeddedBroker.StartAsync(options, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync();
    }

    /// <summary>For clients that are to find the broker again.</summary>
    public async Task RestartOnSamePortAsync()
    {
        var port = Port;
        await StopAsync();
        await StartAgainAsync(port);
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
            await _broker.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
