using Millrace.Testing;

namespace Millrace.Pipeline.Tests;

/// <summary>An Apache Kafka with topics for each test.</summary>
public sealed class KafkaFixture : KafkaServer
{
    private readonly SharedKafka _kafka = new();

    public override ValueTask DisposeAsync() => _kafka.DisposeAsync();

    protected override Task<string> BootstrapAsync() => _kafka.BootstrapAsync();
}
