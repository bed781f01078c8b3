using System.Text;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Broker;

namespace Millrace.Client.Tests;

/// <summary>An embedded broker over a directory of its own. Can be stopped and started again on its port.</summary>
internal sealed class RunningBroker : IAsyncDisposable
{
    public const int Partitions = 7;

    private readonly string _directory = Directory.CreateTempSubdirectory("millrace-client-").FullName;
    private EmbeddedBroker? _broker;

    public string BootstrapServers { get; private set; } = "";

    public static async Task<RunningBroker> StartAsync()
    {
        var broker = new RunningBroker();
        await broker.StartAgainAsync();
        return broker;
    }

    public MillraceProducer Producer(Action<MillraceProducerOptions>? configure = null)
    {
        var options = new MillraceProducerOptions { BootstrapServers = BootstrapServers, JsonContext = ShopContext.Default };
        configure?.Invoke(options);
        return new MillraceProducer(options);
    }

    public async Task StartAgainAsync()
    {
        var port = BootstrapServers.Length == 0 ? 0 : int.Parse(BootstrapServers[(BootstrapServers.LastIndexOf(':') + 1)..]);
        var options = new BrokerOptions { DataDirectory = _directory, Port = port, DefaultPartitions = Partitions };
        _broker = await EmbeddedBroker.StartAsync(options, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        BootstrapServers = _broker.BootstrapServers;
    }

    public async Task StopAsync()
    {
        await _broker!.DisposeAsync();
        _broker = null;
    }

    /// <summary>The record at that place.</summary>
    public (string? Key, JsonObject Value) Read(SentEvent sent)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]>(new ConsumerConfig { BootstrapServers = BootstrapServers, GroupId = "none" }).Build();
        consumer.Assign(new TopicPartitionOffset(sent.Topic, sent.Partition, sent.Offset));
        var record = consumer.Consume(TestContext.Current.CancellationToken).Message;
        return (record.Key is { } key ? Encoding.UTF8.GetString(key) : null, JsonNode.Parse(record.Value)!.AsObject());
    }

    /// <summary>How many records all partitions have together.</summary>
    public long Count(string topic)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]>(new ConsumerConfig { BootstrapServers = BootstrapServers, GroupId = "none" }).Build();
        return Enumerable.Range(0, Partitions)
            .Sum(partition => consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), TimeSpan.FromSeconds(30)).High.Value);
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
            await _broker.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
