using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Millrace.Chaos.Proxy;

namespace Millrace.Chaos.Servers;

/// <summary>
/// Three brokers of Apache Kafka behind proxies, which the brokers advertise as themselves, so that they too talk to each other through them.
/// At most one is out at a time: two of three would stop every write, which tests nothing.
/// </summary>
internal sealed partial class KafkaCluster : IKafka
{
    private const int Brokers = 3;
    private static readonly TimeSpan ScriptLimit = TimeSpan.FromMinutes(4);

    private readonly string _home;
    private readonly string _directory;
    private readonly Guardian _guardian;
    private readonly SemaphoreSlim _oneOut = new(1, 1);
    private readonly List<TcpProxy> _links = [];

    private KafkaCluster(string home, string directory, Guardian guardian) => (_home, _directory, _guardian) = (home, directory, guardian);

    public string BootstrapServers => string.Join(',', _links.Select(link => $"127.0.0.1:{link.Port}"));

    public IReadOnlyList<TcpProxy> Links => _links;

    public static async Task<KafkaCluster> StartAsync(ChaosOptions options, Guardian guardian)
    {
        var home = options.KafkaHome ?? throw new ChaosFailedException("Apache Kafka is needed: name the directory of its bin/kafka-up with --kafka-home.");
        var cluster = new KafkaCluster(home, Path.Combine(options.Directory, "kafka"), guardian);
        try
        {
            await cluster.StartAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async Task KillAsync(int broker, TimeSpan away)
    {
        await _oneOut.WaitAsync();
        try
        {
            var pid = ReadPid(broker);
            Signals.Send(pid, Signals.Kill);
            _guardian.Gone(pid);
            await Task.Delay(away);
            await UpAsync();
        }
        finally
        {
            _oneOut.Release();
        }
    }

    public async Task PauseAsync(int broker, TimeSpan length)
    {
        await _oneOut.WaitAsync();
        try
        {
            Signals.Send(ReadPid(broker), Signals.Stop);
            await Task.Delay(length);
            Signals.Send(ReadPid(broker), Signals.Continue);
        }
        finally
        {
            _oneOut.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(_directory))
        {
            Guard(_guardian.Gone);
            await ScriptAsync("kafka-down", _directory);
        }

        foreach (var link in _links)
            await link.DisposeAsync();
        _oneOut.Dispose();
    }

    /// <summary>1. Make the cluster, which chooses its ports. 2. Put a proxy before each broker. 3. Start again with the proxies as the advertised addresses.</summary>
    private async Task StartAsync()
    {
        // 1. Silent for 3 s counts as dead, instead of 9: more happens in a minute.
        var started = await ScriptAsync(
            "kafka-up", "--port", "0", "--dir", _directory, "--brokers", $"{Brokers}", "--quick",
            "--set", "broker.session.timeout.ms=3000", "--set", "broker.heartbeat.interval.ms=500");
        Guard(_guardian.Add);
        var ports = BootstrapPattern().Match(started).Groups[1].Value.Split(',')
            .Select(address => int.Parse(address.Split(':')[1], CultureInfo.InvariantCulture)).ToList();
        Guard(_guardian.Gone);
        await ScriptAsync("kafka-down", _directory);

        // 2
        for (var broker = 0; broker < Brokers; broker++)
        {
            var target = new IPEndPoint(IPAddress.Loopback, ports[broker]);
            _links.Add(TcpProxy.Start(new IPEndPoint(IPAddress.Loopback, 0), target));
            var file = Path.Combine(NodeDirectory(broker), "server.properties");
            await File.WriteAllTextAsync(file, AdvertisedPattern().Replace(
                await File.ReadAllTextAsync(file), $"advertised.listeners=PLAINTEXT://127.0.0.1:{_links[broker].Port}"));
        }

        // 3
        await UpAsync();
    }

    private async Task UpAsync()
    {
        await ScriptAsync("kafka-up", "--dir", _directory, "--quick");
        Guard(_guardian.Add);
    }

    private void Guard(Action<int> tell)
    {
        for (var broker = 0; broker < Brokers; broker++)
        {
            if (File.Exists(PidFile(broker)))
                tell(ReadPid(broker));
        }
    }

    private string NodeDirectory(int broker) => Path.Combine(_directory, $"node-{broker + 1}");

    private string PidFile(int broker) => Path.Combine(NodeDirectory(broker), "pid");

    private int ReadPid(int broker) => int.Parse(File.ReadAllText(PidFile(broker)), CultureInfo.InvariantCulture);

    /// <summary>Gives what it printed.</summary>
    private async Task<string> ScriptAsync(string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(_home, "bin", name), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(ScriptLimit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? await output : throw new ChaosFailedException($"{name} failed:\n{await error}");
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new ChaosFailedException($"{name} did not end within {ScriptLimit.TotalMinutes:0} minutes.", e);
        }
    }

    [GeneratedRegex(@"bootstrap=(\S+)")]
    private static partial Regex BootstrapPattern();

    [GeneratedRegex(@"^advertised\.listeners=.*$", RegexOptions.Multiline)]
    private static partial Regex AdvertisedPattern();
}
