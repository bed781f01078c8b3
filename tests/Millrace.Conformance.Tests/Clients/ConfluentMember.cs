using Confluent.Kafka;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>A member of a group, named as its topic, that polls on a thread of its own until it is disposed.</summary>
internal sealed class ConfluentMember : IGroupMember
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _polling;
    private int _owned;
    private int _lost;
    private int _seen;

    public ConfluentMember(string bootstrap, string topic, Action<ConsumerConfig>? configure = null)
    {
        var config = new ConsumerConfig { BootstrapServers = bootstrap, GroupId = topic, AutoOffsetReset = AutoOffsetReset.Earliest, HeartbeatIntervalMs = 200, SessionTimeoutMs = 6_000 };
        configure?.Invoke(config);
        var consumer = new ConsumerBuilder<string?, string?>(config)
            .SetLogHandler((_, _) => { })
            .SetPartitionsAssignedHandler((_, partitions) => Interlocked.Add(ref _owned, partitions.Count))
            .SetPartitionsRevokedHandler((_, partitions) =>
            {
                // In this order, so that who sees the one sees the other.
                Interlocked.Add(ref _lost, partitions.Count);
                Interlocked.Add(ref _owned, -partitions.Count);
            })
            .Build();
        consumer.Subscribe(topic);
        _polling = Task.Factory.StartNew(() => Poll(consumer), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public int Owned => Volatile.Read(ref _owned);

    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Records, which are committed at the end.</summary>
    public int Seen => Volatile.Read(ref _seen);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _polling;
        _end.Dispose();
    }

    private void Poll(IConsumer<string?, string?> consumer)
    {
        using (consumer)
        {
            while (!_end.IsCancellationRequested)
            {
                if (consumer.Consume(TimeSpan.FromMilliseconds(50)) is not null)
                    Interlocked.Increment(ref _seen);
            }

            consumer.Close();
        }
    }
}
