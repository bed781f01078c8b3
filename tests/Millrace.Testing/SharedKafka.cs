namespace Millrace.Testing;

/// <summary>One Apache Kafka for all tests of a project, started when the first one asks. <c>MILLRACE_TEST_KAFKA</c> may name one that runs already.</summary>
public sealed class SharedKafka : IAsyncDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private RealKafka? _own;

    public async Task<string> BootstrapAsync()
    {
        if (Environment.GetEnvironmentVariable("MILLRACE_TEST_KAFKA") is { Length: > 0 } given)
        {
            return given;
        }

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

    public async ValueTask DisposeAsync()
    {
        if (_own is not null)
        {
            await _own.DisposeAsync();
        }

        _one.Dispose();
    }
}
