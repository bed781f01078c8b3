using Millrace.Testing;

namespace Millrace.Pipeline.Tests;

/// <summary>One Apache Kafka for all tests. <c>MILLRACE_TEST_KAFKA</c> may name one that runs already.</summary>
public sealed class KafkaFixture : KafkaServer
{
    private readonly SemaphoreSlim _one = new(1);
    private RealKafka? _own;

    public override ValueTask DisposeAsync() => _own?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task<string> BootstrapAsync()
    {
        if (Environment.GetEnvironmentVariable("MILLRACE_TEST_KAFKA") is { Length: > 0 } given)
            return given;
        await _one.WaitAsync();
        try
        {
            _own ??= await RealKafka.StartAsync();
            return _own.BootstrapServers;
        }
        finally
        {
            _one.Release();
        }
    }
}
