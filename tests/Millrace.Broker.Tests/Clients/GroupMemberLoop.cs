using System.Collections.Concurrent;
using Confluent.Kafka;

namespace Millrace.Broker.Tests.Clients;

/// <summary>A member of a group on a thread of its own, polling until it is disposed.</summary>
internal sealed class GroupMemberLoop : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;
    private volatile int _owned;

    public GroupMemberLoop(TestBroker broker, string group, string topic)
    {
        var config = ConfluentConsumer.Config(broker.BootstrapServers, group);
        config.HeartbeatIntervalMs = 100;
        _loop = Task.Factory.StartNew(() => Poll(config, topic), TaskCreationOptions.LongRunning);
    }

    public int Owned => _owned;

    public ConcurrentBag<string> Seen { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    private void Poll(ConsumerConfig config, string topic)
    {
        using var consumer = new ConsumerBuilder<string?, string?>(config)
            .SetPartitionsAssignedHandler((_, partitions) => _owned = partitions.Count)
            .SetPartitionsRevokedHandler((_, _) => _owned = 0)
            .SetLogHandler((_, _) => { })
            .Build();
        consumer.Subscribe(topic);
        while (!_stopping.IsCancellationRequested)
        {
            var result = consumer.Consume(TimeSpan.FromMilliseconds(50));
            if (result is { IsPartitionEOF: false })
                Seen.Add(result.Message.Value!);
        }

        consumer.Close();
    }
}
