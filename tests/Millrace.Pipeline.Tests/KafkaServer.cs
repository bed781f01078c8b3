using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Millrace.Pipeline.Tests;

/// <summary>A Kafka for all tests; each test has topics of its own.</summary>
public abstract class KafkaServer : IAsyncLifetime
{
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

    public abstract ValueTask DisposeAsync();

    /// <summary>Where it is; starts it when the first test asks.</summary>
    protected abstract Task<string> BootstrapAsync();
}
