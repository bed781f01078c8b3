using Millrace.Broker;
using Millrace.Conformance.Tests;
using Millrace.Conformance.Tests.Clients;
using Millrace.Testing;

[assembly: AssemblyFixture(typeof(Outcomes))]

namespace Millrace.Conformance.Tests;

/// <summary>
/// What came of every scenario, by client and broker. All clients run at once against both brokers when the first test asks: nearly all of the
/// time is waiting, for the JVM and for rebalances.
/// </summary>
public sealed class Outcomes : IAsyncDisposable
{
    private readonly Lazy<Task<Dictionary<(string Client, bool IsReal), Run>>> _runs;
    private readonly Stack<IAsyncDisposable> _started = new();
    private readonly ServerCertificate _certificate = new();

    public Outcomes() => _runs = new(RunAllAsync);

    /// <summary>The outcome, or a skip where the machine lacks the client or Apache Kafka.</summary>
    public async Task<string> OfAsync(ForeignClient client, Scenario scenario, bool isReal)
    {
        var run = (await _runs.Value)[(client.Name, isReal)];
        Requirement.Require(run.Missing is null, run.Missing ?? "");
        return run.Outcomes.GetValueOrDefault(scenario.Id, "no outcome");
    }

    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var broker))
            await broker.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task<Dictionary<(string Client, bool IsReal), Run>> RunAllAsync()
    {
        var embedded = await StartEmbeddedAsync();
        var noKafka = RealKafka.Missing;
        var real = noKafka is null ? StartRealAsync() : null;
        var runs = await Task.WhenAll(ForeignClient.All.Select(async client =>
        {
            // Not on this thread: some clients block.
            var missing = await Task.Run(client.MissingAsync);
            var runEmbedded = Task.Run(() => RunAsync(client, missing, () => Task.FromResult(embedded)));
            var runReal = Task.Run(() => RunAsync(client, missing ?? noKafka, () => real!));
            return new[] { (Key: (client.Name, false), Run: await runEmbedded), (Key: (client.Name, true), Run: await runReal) };
        }));
        return runs.SelectMany(both => both).ToDictionary(run => run.Key, run => run.Run);
    }

    private async Task<Listeners> StartEmbeddedAsync()
    {
        async Task<string> StartAsync(Action<BrokerOptions> configure)
        {
            var broker = await EmbeddedBroker.StartAsync(configure, TestContext.Current.CancellationToken);
            _started.Push(broker);
            return broker.BootstrapServers;
        }

        return new Listeners(
            await StartAsync(options => options.Settings["log.cleaner.backoff.ms"] = "200"),
            await StartAsync(options => options.Users[Listeners.User] = new BrokerUser(Listeners.Password)),
            await StartAsync(options => options.TlsFile = _certificate.WithKey),
            _certificate.Authority);
    }

    private async Task<Listeners> StartRealAsync()
    {
        var kafka = await RealKafka.StartAsync(
            "--sasl-plain", $"{Listeners.User}:{Listeners.Password}",
            "--tls", _certificate.Folder,
            "--set", "log.cleaner.backoff.ms=200",
            "--set", "log.cleaner.min.cleanable.ratio=0.01");
        _started.Push(kafka);
        return new Listeners(kafka.BootstrapServers, kafka.SaslBootstrapServers, kafka.TlsBootstrapServers, _certificate.Authority);
    }

    private static async Task<Run> RunAsync(ForeignClient client, string? missing, Func<Task<Listeners>> listeners) =>
        missing is null ? new Run(null, await client.RunAsync(await listeners())) : new Run(missing, new Dictionary<string, string>());

    /// <summary>What one client did with one broker.</summary>
    public sealed record Run(string? Missing, IReadOnlyDictionary<string, string> Outcomes);
}
