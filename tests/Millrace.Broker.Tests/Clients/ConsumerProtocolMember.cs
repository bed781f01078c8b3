using System.Collections.Concurrent;
using Confluent.Kafka;
using Millrace.Pipeline;

namespace Millrace.Broker.Tests.Clients;

/// <summary>
/// Who owns what, over all members of a group: the handlers of the clients say so, each on its own thread. Nothing here may throw: a client whose
/// handler did never goes on, and never ends either.
/// </summary>
internal sealed class OwnedPartitions
{
    private readonly Lock _lock = new();
    private readonly List<(Confluent.Kafka.TopicPartition Partition, string Member)> _owned = [];

    /// <summary>Partitions that were given to somebody while somebody else had them. That is right only when the other was put out and has not heard of it.</summary>
    public ConcurrentBag<string> OwnedTwice { get; } = [];

    /// <summary>A partition that two members have counts twice.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _owned.Count;
        }
    }

    public int CountOf(string member)
    {
        lock (_lock)
            return _owned.Count(o => o.Member == member);
    }

    public void Take(string member, IEnumerable<Confluent.Kafka.TopicPartition> partitions)
    {
        lock (_lock)
        {
            foreach (var partition in partitions)
            {
                foreach (var (_, owner) in _owned.Where(o => o.Partition == partition))
                    OwnedTwice.Add($"{partition} was given to {member} and still belonged to {owner}");
                _owned.Add((partition, member));
            }
        }
    }

    public void GiveUp(string member, IEnumerable<TopicPartitionOffset> partitions)
    {
        lock (_lock)
        {
            foreach (var partition in partitions)
                _owned.Remove((partition.TopicPartition, member));
        }
    }
}

/// <summary>A consumer of the new group protocol on a thread of its own, polling and committing each record until it is disposed.</summary>
internal sealed class ConsumerProtocolMember : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;
    private volatile string? _fatal;
    private int _revocations;

    public ConsumerProtocolMember(
        string bootstrapServers, string group, string subscription, OwnedPartitions owned, string name, bool isStatic = false, string? assignor = null)
    {
        Name = name;
        var config = Config(bootstrapServers, group);
        config.GroupInstanceId = isStatic ? name : null;
        config.GroupRemoteAssignor = assignor;
        _loop = Task.Factory.StartNew(() => Poll(config, subscription, owned), TaskCreationOptions.LongRunning);
    }

    public string Name { get; }

    public ConcurrentQueue<string> Seen { get; } = [];

    /// <summary>How many partitions were taken from it, by revocation or loss.</summary>
    public int Revocations => Volatile.Read(ref _revocations);

    /// <summary>What ended the client; null as long as nothing has.</summary>
    public string? Fatal => _fatal;

    public static ConsumerConfig Config(string bootstrapServers, string group) => new()
    {
        BootstrapServers = bootstrapServers,
        GroupId = group,
        GroupProtocol = GroupProtocol.Consumer,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        EnableAutoCommit = false,
        TopicMetadataRefreshIntervalMs = 500,
    };

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    private void Poll(ConsumerConfig config, string subscription, OwnedPartitions owned)
    {
        var consumer = new ConsumerBuilder<Ignore, string>(config)
            .SetPartitionsAssignedHandler((_, partitions) => owned.Take(Name, partitions))
            .SetPartitionsRevokedHandler((_, partitions) => GiveUp(partitions))
            .SetPartitionsLostHandler((_, partitions) => GiveUp(partitions))
            .SetErrorHandler((_, error) => _fatal = error.IsFatal ? error.ToString() : _fatal)
            .SetLogHandler((_, _) => { })
            .Build();
        consumer.Subscribe(subscription);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (consumer.Consume(TimeSpan.FromMilliseconds(50)) is not { } result)
                    continue;
                Seen.Enqueue(result.Message.Value);
                consumer.Commit(result);
            }
            catch (KafkaException e) when (!e.Error.IsFatal)
            {
                // A commit of a member that is being put out, or a broker that is away: the records come again.
            }
            catch (KafkaException e)
            {
                _fatal = e.Error.ToString();
                break;
            }
        }

        if (!KafkaClientEnd.TryEnd(End))
            TestContext.Current.TestOutputHelper?.WriteLine($"The client of {Name} did not end within {KafkaClientEnd.Limit.TotalSeconds:0} s.");

        void End()
        {
            // A client that has ended has nothing to leave.
            if (_fatal is null)
                consumer.Close();
            consumer.Dispose();
        }

        void GiveUp(List<TopicPartitionOffset> partitions)
        {
            Interlocked.Add(ref _revocations, partitions.Count);
            owned.GiveUp(Name, partitions);
        }
    }
}
