using System.Globalization;
using System.Net;
using Millrace.Chaos.Proxy;
using Npgsql;

namespace Millrace.Chaos.Servers;

/// <summary>One <c>millrace run</c>, started again whenever it ends, as a service manager would, except while a fault holds it back.</summary>
internal sealed class Consumer : IAsyncDisposable
{
    /// <summary>The least that brokers allow: pauses that exceed it need not be long.</summary>
    public static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RestartDelay = TimeSpan.FromMilliseconds(500);

    private readonly Func<ChildProcess> _launch;
    private readonly SemaphoreSlim _mayRun;
    private readonly CancellationTokenSource _stop = new();
    private readonly Action<string> _remark;
    private readonly string _name;
    private readonly Task _running;
    private TaskCompletionSource<ChildProcess> _process = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isEndExpected;

    /// <param name="isHeld">Whether it waits for <see cref="JoinAsync"/>.</param>
    public Consumer(ChaosOptions options, int index, IKafka kafka, LocalPostgres postgres, Ports ports, Guardian guardian, bool isHeld, Action<string> remark)
    {
        _name = $"consumer {index + 1}";
        _remark = remark;
        KafkaClient = $"chaos-consumer-{index + 1}";
        _mayRun = new SemaphoreSlim(isHeld ? 0 : 1, 1);
        PostgresLink = TcpProxy.Start(new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.Loopback, postgres.Port));
        var port = ports.Next();
        HttpLink = TcpProxy.Start(new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.Loopback, port));
        var environment = Settings(options, kafka, postgres, port);
        var log = Path.Combine(options.Directory, $"consumer-{index + 1}.log");
        _launch = () => ChildProcess.Start(options.Program, ["run", "--format", "json"], environment, log, guardian);
        _running = RunAsync();
    }

    /// <summary>The client id of its connections to Kafka.</summary>
    public string KafkaClient { get; }

    public TcpProxy PostgresLink { get; }

    public TcpProxy HttpLink { get; }

    /// <summary>How often it ended although no fault ended it. That is allowed (it says so and is started again), but worth knowing.</summary>
    public int UnexpectedEnds { get; private set; }

    /// <exception cref="ChaosFailedException">It did not start.</exception>
    public async Task ReadyAsync() => await (await _process.Task).ReadyAsync(_name, StartLimit);

    public async Task KillAsync(TimeSpan away)
    {
        await HoldAsync(process => process.KillAsync());
        await Task.Delay(away);
        _mayRun.Release();
    }

    public async Task PauseAsync(TimeSpan length)
    {
        var process = await _process.Task;
        process.Signal(Signals.Stop);
        await Task.Delay(length);
        process.Signal(Signals.Continue);
    }

    /// <summary>Ends it in good order, and lets it come back after a while.</summary>
    public async Task LeaveAsync(TimeSpan away)
    {
        await HoldAsync(process => process.StopAsync(StopLimit));
        await Task.Delay(away);
        _mayRun.Release();
    }

    /// <summary>Lets a held one run for a while. It may begin amid other faults and then fail to start, so it is not waited for.</summary>
    public async Task JoinAsync(TimeSpan stay)
    {
        _mayRun.Release();
        await Task.Delay(stay);
        await HoldAsync(process => process.StopAsync(StopLimit));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await PostgresLink.DisposeAsync();
        await HttpLink.DisposeAsync();
        _mayRun.Dispose();
        _stop.Dispose();
    }

    private Dictionary<string, string> Settings(ChaosOptions options, IKafka kafka, LocalPostgres postgres, int port) => new()
    {
        ["MILLRACE__KAFKA__BOOTSTRAPSERVERS"] = kafka.BootstrapServers,
        ["MILLRACE__KAFKA__PARTITIONS"] = options.Partitions.ToString(CultureInfo.InvariantCulture),
        ["MILLRACE__KAFKA__SETTINGS__client.id"] = KafkaClient,
        ["MILLRACE__KAFKA__SETTINGS__session.timeout.ms"] = SessionTimeout.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
        ["MILLRACE__KAFKA__SETTINGS__heartbeat.interval.ms"] = "1000",
        ["MILLRACE__POSTGRES__CONNECTIONSTRING"] =
            new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Port = PostgresLink.Port, Pooling = true }.ConnectionString,
        ["MILLRACE__APP__PORT"] = port.ToString(CultureInfo.InvariantCulture),
    };

    private async Task HoldAsync(Func<ChildProcess, Task> end)
    {
        await _mayRun.WaitAsync();
        _isEndExpected = true;
        if (_process.Task is { IsCompletedSuccessfully: true } running)
            await end(await running);
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _mayRun.WaitAsync(_stop.Token);
                _isEndExpected = false;
                using var process = _launch();
                _process.SetResult(process);
                _mayRun.Release();
                await WatchAsync(process);
                _process = new TaskCompletionSource<ChildProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
                await Task.Delay(RestartDelay, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private async Task WatchAsync(ChildProcess process)
    {
        try
        {
            var code = await process.Exited.WaitAsync(_stop.Token);
            if (!_isEndExpected)
            {
                UnexpectedEnds++;
                _remark($"{_name} ended by itself with {code} and is started again");
            }
        }
        finally
        {
            await process.StopAsync(StopLimit);
        }
    }
}
