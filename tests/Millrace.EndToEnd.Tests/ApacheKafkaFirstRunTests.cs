using Millrace.Testing;

namespace Millrace.EndToEnd.Tests;

public sealed class MillraceOnApacheKafka : IAsyncLifetime
{
    private RealKafka? _kafka;

    private RunningMillrace? _running;

    internal RunningMillrace Running => _running ?? throw new InvalidOperationException("It did not start.");

    public async ValueTask InitializeAsync()
    {
        _kafka = await RealKafka.StartAsync();
        _running = await RunningMillrace.StartAsync(
            new Dictionary<string, string> { ["MILLRACE__Kafka__BootstrapServers"] = _kafka.BootstrapServers });
    }

    public async ValueTask DisposeAsync()
    {
        if (_running is not null)
        {
            await _running.DisposeAsync();
        }

        if (_kafka is not null)
        {
            await _kafka.DisposeAsync();
        }
    }
}

public sealed class ApacheKafkaFirstRunTests(MillraceOnApacheKafka millrace) : FirstRunTests, IClassFixture<MillraceOnApacheKafka>
{
    private protected override RunningMillrace Millrace => millrace.Running;
}
