using Millrace.Testing;

namespace Millrace.EndToEnd.Tests;

public sealed class MillraceOnApacheKafka : IAsyncLifetime
{
    private RealKafka? _kafka;

    internal RunningMillrace Running { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _kafka = await RealKafka.StartAsync();
        Running = await RunningMillrace.StartAsync(
            new Dictionary<string, string> { ["MILLRACE__Kafka__BootstrapServers"] = _kafka.BootstrapServers });
    }

    public async ValueTask DisposeAsync()
    {
        if (_kafka is not null)
        {
            await Running.DisposeAsync();
            await _kafka.DisposeAsync();
        }
    }
}

public sealed class ApacheKafkaFirstRunTests(MillraceOnApacheKafka millrace) : FirstRunTests, IClassFixture<MillraceOnApacheKafka>
{
    private protected override RunningMillrace Millrace => millrace.Running;
}
