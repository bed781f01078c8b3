using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Testing;

namespace Millrace.Pipeline.Tests;

/// <summary>
/// One Apache Kafka for all tests, started when the first one asks; each test has topics of its own. <c>MILLRACE_TEST_KAFKA</c> may name one that
/// runs already.
/// </summary>
public sealed class KafkaFixture : IAsyncLifetime
{
    private readonly SemaphoreSlim _one = new(1);
    private RealKafka? _own;

    public async Task<TestTopic> CreateTopicAsync(int partitions = 3, params (string Name, string Value)[] settings)
    {
        var bootstrap = await BootstrapAsync();
        var name = $"test-{Guid.CreateVersion7():N}";
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrap }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification
        {
            Name = name,
            NumPartitions = partitions,
            ReplicationFactor = 1,
            Configs = settings.ToDictionary(setting => setting.Name, setting => setting.Value),
        }]);
        return new TestTopic(bootstrap, name);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _own?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<string> BootstrapAsync()
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
