using Millrace.Testing;

namespace Millrace.Operations.Tests;

/// <summary>
/// One Apache Kafka, started when the first test asks, for what the embedded broker does not do: transactions, and deleting records.
/// <c>MILLRACE_TEST_KAFKA</c> may name one that runs already.
/// </summary>
public sealed class KafkaFixture : IAsyncLifetime
{
    private readonly SemaphoreSlim _one = new(1);
    private RealKafka? _own;

    public async Task<string> BootstrapAsync()
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

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _own?.DisposeAsync() ?? ValueTask.CompletedTask;
}
