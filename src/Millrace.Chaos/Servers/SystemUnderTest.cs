using Millrace.Chaos.Proxy;

namespace Millrace.Chaos.Servers;

/// <summary>Everything that is broken: a Kafka, a PostgreSQL, the consumers, and the ways between them.</summary>
internal sealed class SystemUnderTest : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _started = new();
    private readonly List<Consumer> _consumers = [];
    private readonly Guardian _guardian = new();

    public IKafka Kafka { get; private set; } = null!;

    public LocalPostgres Postgres { get; private set; } = null!;

    public IReadOnlyList<Consumer> Consumers => _consumers;

    /// <summary>The one that comes and goes.</summary>
    public Consumer Spare { get; private set; } = null!;

    public IEnumerable<TcpProxy> Links =>
        [.. Kafka.Links, .. _consumers.Append(Spare).SelectMany(consumer => (TcpProxy[])[consumer.PostgresLink, consumer.HttpLink])];

    /// <exception cref="ChaosFailedException">Something did not start. What had been started is stopped again.</exception>
    public static async Task<SystemUnderTest> StartAsync(ChaosOptions options, Action<string> remark)
    {
        var system = new SystemUnderTest();
        try
        {
            await system.StartPartsAsync(options, remark);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Limits.EndAllAsync(_started);
        }
        finally
        {
            _guardian.Dispose();
        }
    }

    private async Task StartPartsAsync(ChaosOptions options, Action<string> remark)
    {
        var ports = new Ports();
        _started.Push(Postgres = await LocalPostgres.StartAsync(options, ports, _guardian));
        _started.Push(Kafka = options.Kafka switch
        {
            KafkaKind.Embedded => await EmbeddedKafka.StartAsync(options, ports, _guardian),
            KafkaKind.Real => await KafkaCluster.StartAsync(options, _guardian),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Kafka, "No kind of Kafka."),
        });
        for (var index = 0; index <= options.Consumers; index++)
        {
            var isSpare = index == options.Consumers;
            var consumer = new Consumer(options, index, Kafka, Postgres, ports, _guardian, isSpare, remark);
            _started.Push(consumer);
            if (isSpare)
                Spare = consumer;
            else
                _consumers.Add(consumer);

            // One after another: the first one makes topic and tables.
            if (!isSpare)
                await consumer.ReadyAsync();
        }
    }
}
