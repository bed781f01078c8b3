using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Broker;

namespace Millrace.Operations.Tests;

/// <summary>One embedded broker for all tests; each test has topics of its own.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("millrace-operations-");
    private EmbeddedBroker _broker = null!;

    public string BootstrapServers => _broker.BootstrapServers;

    public async ValueTask InitializeAsync() =>
        _broker = await EmbeddedBroker.StartAsync(
            new BrokerOptions { DataDirectory = _folder.FullName, Port = 0, AutoCreateTopics = false }, NullLoggerFactory.Instance, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
