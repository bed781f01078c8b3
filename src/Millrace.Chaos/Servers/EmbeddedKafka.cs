using System.Net;
using Millrace.Chaos.Proxy;

namespace Millrace.Chaos.Servers;

/// <summary>
/// The embedded broker, hosted alone in a process. Clients go where a broker says it is, so it listens on another loopback address than the one
/// it advertises, on the same port, and the proxy sits at the advertised one.
/// </summary>
internal sealed class EmbeddedKafka : IKafka
{
    private const string Address = "127.0.0.2";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly Func<ChildProcess> _launch;
    private readonly TcpProxy _link;
    private ChildProcess _process;

    private EmbeddedKafka(Func<ChildProcess> launch, TcpProxy link)
    {
        _launch = launch;
        _link = link;
        _process = launch();
        BootstrapServers = $"127.0.0.1:{link.Port}";
    }

    public string BootstrapServers { get; }

    public IReadOnlyList<TcpProxy> Links => [_link];

    public static async Task<EmbeddedKafka> StartAsync(ChaosOptions options, Ports ports, Guardian guardian)
    {
        var port = ports.Next();
        var data = Path.Combine(options.Directory, "broker");
        string[] arguments = ["chaos", "host-broker", "--data", data, "--address", Address, "--port", $"{port}", "--partitions", $"{options.Partitions}"];
        var log = Path.Combine(options.Directory, "broker.log");
        var kafka = new EmbeddedKafka(
            () => ChildProcess.Start(options.Program, arguments, new Dictionary<string, string>(), log, guardian),
            TcpProxy.Start(new IPEndPoint(IPAddress.Loopback, port), new IPEndPoint(IPAddress.Parse(Address), port)));
        await kafka._process.ReadyAsync("the broker", StartLimit);
        return kafka;
    }

    public async Task KillAsync(int broker, TimeSpan away)
    {
        await _process.KillAsync();
        _process.Dispose();
        await Task.Delay(away);
        _process = _launch();
        await _process.ReadyAsync("the broker, started again after kill -9,", StartLimit);
    }

    public async Task PauseAsync(int broker, TimeSpan length)
    {
        _process.Signal(Signals.Stop);
        await Task.Delay(length);
        _process.Signal(Signals.Continue);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.StopAsync(StopLimit);
        _process.Dispose();
        await _link.DisposeAsync();
    }
}
