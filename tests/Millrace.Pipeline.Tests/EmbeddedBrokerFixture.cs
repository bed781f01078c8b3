using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Broker;

namespace Millrace.Pipeline.Tests;

/// <summary>One embedded broker for all tests.</summary>
public sealed class EmbeddedBrokerFixture : KafkaServer
{
    private readonly SemaphoreSlim _one = new(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("millrace-broker-");
    private EmbeddedBroker? _broker;

    public override async ValueTask DisposeAsync()
    {
        if (_broker is not null)
            await _broker.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Stops it in order and starts it again on the same data and port: it knows its topics and offsets, but no members of groups.</summary>
    public async Task RestartAsync()
    {
        var port = int.Parse(_broker!.BootstrapServers.Split(':')[^1]);
        await _broker.DisposeAsync();
        _broker = await StartAsync(port);
    }

    protected override async Task<string> BootstrapAsync()
    {
        await _one.WaitAsync();
        try
        {
            _broker ??= await StartAsync(port: 0);
            return _broker.BootstrapServers;
        }
        finally
        {
            _one.Release();
        }
    }

    private Task<EmbeddedBroker> StartAsync(int port) => EmbeddedBroker.StartAsync(
        new BrokerOptions { DataDirectory = _folder.FullName, Port = port, AutoCreateTopics = false }, NullLoggerFactory.Instance, CancellationToken.None);
}
