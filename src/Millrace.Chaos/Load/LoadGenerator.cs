using Millrace.Chaos.Servers;

namespace Millrace.Chaos.Load;

/// <summary>All producers of a run.</summary>
internal sealed class LoadGenerator : IAsyncDisposable
{
    private const int UsersOfKafka = 40;

    // As many requests at a time, because each user waits for an answer.
    private const int UsersOfHttp = 16;

    private readonly List<KafkaLoad> _kafka = [];
    private readonly CopyLoad _copies;
    private readonly HttpLoad _http;

    private LoadGenerator(SystemUnderTest system, EventNames names, string topic, ChaosOptions options, Action<string> remark)
    {
        Sources =
        [
            new Source(names, 0, SourceKind.Idempotent, UsersOfKafka),
            new Source(names, 1, SourceKind.Idempotent, UsersOfKafka),
            new Source(names, 2, SourceKind.Retrying, UsersOfKafka),
            new Source(names, 3, SourceKind.Http, UsersOfHttp),
            new Source(names, 4, SourceKind.Bad, 1),
        ];
        var rate = options.Rate;
        int[] shares = [rate * 35 / 100, rate * 30 / 100, rate * 25 / 100, rate * 10 / 100, Math.Max(1, rate / 200)];
        foreach (var source in Sources.Where(source => source.Kind != SourceKind.Http))
            _kafka.Add(KafkaLoad.Start(system.Kafka.BootstrapServers, topic, source, shares[source.Index], remark));
        _copies = CopyLoad.Start(system.Kafka.BootstrapServers, topic, Sources, Math.Max(1, rate / 10), options.Seed, remark);
        _http = HttpLoad.Start(
            [.. system.Consumers.Select(consumer => new Uri($"http://127.0.0.1:{consumer.HttpLink.Port}/events"))],
            Sources[3], Math.Max(1, shares[3]), remark);
    }

    public IReadOnlyList<Source> Sources { get; }

    public static LoadGenerator Start(SystemUnderTest system, EventNames names, string topic, ChaosOptions options, Action<string> remark) =>
        new(system, names, topic, options, remark);

    /// <summary>Sends no more and waits for the answers to what was sent.</summary>
    public Task StopAsync(TimeSpan limit) =>
        Task.WhenAll([.. _kafka.Select(load => load.StopAsync(limit)), _copies.StopAsync(limit), _http.StopAsync(limit)]);

    public async ValueTask DisposeAsync() => await Limits.EndAllAsync([.. _kafka, _copies, _http]);
}
