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
    private readonly SharedKafka _kafka = new();
    private readonly Lazy<Task<Dictionary<(string Client, bool IsReal), Run>>> _runs;
    private EmbeddedBroker? _embedded;

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
        if (_embedded is not null)
            await _embedded.DisposeAsync();
        await _kafka.DisposeAsync();
    }

    private async Task<Dictionary<(string Client, bool IsReal), Run>> RunAllAsync()
    {
        _embedded = await EmbeddedBroker.StartAsync(TestContext.Current.CancellationToken);
        var noKafka = RealKafka.Missing;
        var real = noKafka is null ? _kafka.BootstrapAsync() : null;
        var runs = await Task.WhenAll(ForeignClient.All.Select(async client =>
        {
            // Not on this thread: some clients block.
            var missing = await Task.Run(client.MissingAsync);
            var runEmbedded = Task.Run(() => RunAsync(client, missing, () => Task.FromResult(_embedded.BootstrapServers)));
            var runReal = Task.Run(() => RunAsync(client, missing ?? noKafka, () => real!));
            return new[] { (Key: (client.Name, false), Run: await runEmbedded), (Key: (client.Name, true), Run: await runReal) };
        }));
        return runs.SelectMany(both => both).ToDictionary(run => run.Key, run => run.Run);
    }

    private static async Task<Run> RunAsync(ForeignClient client, string? missing, Func<Task<string>> bootstrap) =>
        missing is null ? new Run(null, await client.RunAsync(await bootstrap())) : new Run(missing, new Dictionary<string, string>());

    /// <summary>What one client did with one broker.</summary>
    public sealed record Run(string? Missing, IReadOnlyDictionary<string, string> Outcomes);
}
